/** The same bytes as a Buffer, without a copy. Node.js makes one for each write of bytes that are none. */
export function bufferView({ buffer, byteOffset, length }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, length);
}
