/** Where runs go and are looked for unless the command says otherwise, from the directory the command is given in. */
export const resultsDirectory = 'results';
