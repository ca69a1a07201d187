/**
 * Vocabulary of the text payloads. No word needs escaping in JSON, so text and JSON have the same length. Some words
 * are not ASCII, as in real conversations.
 */
export const people = ['amelie', 'ben', 'chiara', 'dmitri', 'élodie', 'farid', 'grace', 'hiroshi', 'ines', 'jürgen'];

export const chatWords = [
  ...'the a and to of in it is that was for on you with we not this but they are have be at or so if can do'.split(' '),
  ...'what when where who how why yes no maybe ok thanks please sorry hello morning later soon again already'.split(
    ' ',
  ),
  ...'think know see want need work try look send read write wait start stop open close ask answer meet call'.split(
    ' ',
  ),
  ...'meeting ticket build release review server train coffee lunch weekend photo link idea question problem'.split(
    ' ',
  ),
  ...'good better great late early quick slow small big new old same other next last right wrong nice funny'.split(' '),
  ...'café naïve déjà über schön mañana smörgås żółw привет спасибо 你好 谢谢 ありがとう 안녕'.split(' '),
  ...'😀 😂 👍 🎉 ❤️ 🙏 👀 🔥 👩‍💻 🇪🇺'.split(' '),
];

export const symbols = ['ACME', 'BOLT', 'CRUX', 'DYNE', 'ERGO', 'FLUX'];

export const venues = ['XPAR', 'XETR', 'XLON', 'XSTO', 'XAMS', 'XMIL'];

export const noticeKinds = ['mention', 'reply', 'invite', 'review', 'assign', 'follow'];

export const noticeWords = [
  ...'you were mentioned in the thread about your order has been shipped and will arrive on'.split(' '),
  ...'a new reply was posted to review requested for change please confirm before friday'.split(' '),
  ...'calendar event moved to room payment received invoice ready comment resolved deadline tomorrow'.split(' '),
];

export const statuses = ['online', 'away', 'busy', 'meeting', 'offline'];

export const devices = ['phone', 'tablet', 'laptop', 'desktop'];

export const statusWords = 'in a meeting until back at lunch focus time travelling on a call working from home'.split(
  ' ',
);

export const reactions = ['👏', '❤️', '😂', '🔥', '😮', '🎉'];
