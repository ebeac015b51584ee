/** One regular file on its way into a room. */
export interface RoomFile {
  readonly path: string
  readonly content: Uint8Array
  readonly executable: boolean
}

const BLOCK = 512
const CHUNK = 1 << 20

/**
 * A tar archive of regular files, in chunks of about a megabyte, without gathering it in memory. Folders are left to
 * the reader to make; times are left to the reader's clock (`tar -m`), because tools tell changed files by them.
 */
export function* tarOf(files: Iterable<RoomFile>): Generator<Uint8Array> {
  let pieces: Uint8Array[] = []
  let bytes = 0
  const add = (piece: Uint8Array) => {
    pieces.push(piece)
    bytes += piece.length
  }
  for (const file of files) {
    const name = Buffer.from(file.path, 'utf8')
    if (name.length > 100) {
      // GNU's long name: an entry of its own whose content is the name.
      add(header(Buffer.from('././@LongLink'), 'L', name.length + 1, 0o644))
      add(padded(Buffer.concat([name, Buffer.alloc(1)])))
    }
    add(header(name.subarray(0, 100), '0', file.content.length, file.executable ? 0o755 : 0o644))
    add(file.content)
    const rest = file.content.length % BLOCK
    if (rest > 0) add(Buffer.alloc(BLOCK - rest))
    if (bytes >= CHUNK) {
      yield Buffer.concat(pieces)
      pieces = []
      bytes = 0
    }
  }
  add(Buffer.alloc(2 * BLOCK))
  yield Buffer.concat(pieces)
}

/** Bytes of the archive of these files. */
export function tarSize(files: Iterable<RoomFile>): number {
  let bytes = 2 * BLOCK
  for (const { path, content } of files) {
    const name = Buffer.byteLength(path)
    bytes += BLOCK + roundUp(content.length) + (name > 100 ? BLOCK + roundUp(name + 1) : 0)
  }
  return bytes
}
const roundUp = (bytes: number): number => Math.ceil(bytes / BLOCK) * BLOCK

function padded(content: Buffer): Buffer {
  const rest = content.length % BLOCK
  return rest === 0 ? content : Buffer.concat([content, Buffer.alloc(BLOCK - rest)])
}

/** A header of the old GNU kind: sizes beyond 8 GiB do not occur, a room is smaller. */
function header(name: Buffer, type: '0' | 'L', size: number, mode: number): Buffer {
  const block = Buffer.alloc(BLOCK)
  name.copy(block, 0)
  block.write(octal(mode, 7), 100)
  block.write(octal(1000, 7), 108)
  block.write(octal(1000, 7), 116)
  block.write(octal(size, 11), 124)
  block.write(octal(0, 11), 136)
  block.fill(0x20, 148, 156)
  block.write(type, 156)
  block.write('ustar  \0', 257)
  let sum = 0
  for (const byte of block) sum += byte
  block.write(`${octal(sum, 6)}\0 `, 148)
  return block
}

function octal(value: number, width: number): string {
  return value.toString(8).padStart(width, '0')
}
