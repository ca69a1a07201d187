/** Header bytes of a packet: Ethernet 14, IPv4 20, TCP 20 and 12 for its timestamps option (RFC 7323). */
export const packetHeaderBytes = 66;
