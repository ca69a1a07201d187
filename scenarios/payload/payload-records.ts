import type { Random } from '../random.ts';
import type { PayloadMaker } from './payload-maker.ts';

/** Payloads of packed binary records, big-endian. Bytes beyond the last whole record stay zero. */

const positionsHeadBytes = 8;
const playerBytes = 30;

export const positionsMinimumBytes = positionsHeadBytes + playerBytes;

type Player = { x: number; y: number; z: number; speed: number; yaw: number; pitch: number; health: number };

/**
 * State of a match at one tick: tick u32, players u16, match u16, then 30 bytes per player: id u16, position 3 × i32
 * (mm), velocity 3 × i16 (mm per tick), yaw u16, pitch u16, health u8, weapon u8, last input applied u32.
 * Players walk slowly, so successive payloads resemble each other.
 */
export const playerPositions: PayloadMaker = (bytes, random) => {
  const count = Math.min(0xffff, Math.floor((bytes - positionsHeadBytes) / playerBytes));
  const players = Array.from({ length: count }, () => newPlayer(random));
  let tick = 1 + random.integer(100_000);
  return () => {
    const payload = Buffer.alloc(bytes);
    payload.writeUInt32BE(tick++, 0);
    payload.writeUInt16BE(count, 4);
    for (const [id, player] of players.entries()) {
      walk(player, random);
      writePlayer(payload, positionsHeadBytes + id * playerBytes, id, player, tick);
    }
    return payload;
  };
};

function newPlayer(random: Random): Player {
  const place = () => random.integer(200_000) - 100_000;
  return { x: place(), y: place(), z: 0, speed: 0, yaw: random.integer(0x10000), pitch: 0x8000, health: 100 };
}

function walk(player: Player, random: Random): void {
  // In two of three ticks a player keeps course and speed: people do not turn 20 times a second.
  if (random.integer(3) === 0) {
    player.speed = Math.min(300, Math.max(0, player.speed + random.integer(61) - 30));
    player.yaw = (player.yaw + random.integer(2001) - 1000) & 0xffff;
    player.pitch = Math.min(0xffff, Math.max(0, player.pitch + random.integer(401) - 200));
  }
  if (random.integer(100) === 0) player.health = player.health > 10 ? player.health - 10 : 100;
  player.x += velocity(player, Math.cos);
  player.y += velocity(player, Math.sin);
}

function velocity({ speed, yaw }: Player, part: (angle: number) => number): number {
  return Math.round(speed * part((yaw / 0x10000) * 2 * Math.PI));
}

function writePlayer(payload: Buffer, at: number, id: number, player: Player, tick: number): void {
  payload.writeUInt16BE(id, at);
  payload.writeInt32BE(player.x, at + 2);
  payload.writeInt32BE(player.y, at + 6);
  payload.writeInt32BE(player.z, at + 10);
  payload.writeInt16BE(velocity(player, Math.cos), at + 14);
  payload.writeInt16BE(velocity(player, Math.sin), at + 16);
  payload.writeUInt16BE(player.yaw, at + 20);
  payload.writeUInt16BE(player.pitch, at + 22);
  payload.writeUInt8(player.health, at + 24);
  payload.writeUInt8(id % 4, at + 25);
  payload.writeUInt32BE(tick >>> 1, at + 26);
}

export const inputMinimumBytes = 24;

/**
 * A player's input: sequence u32, last tick seen u32, clock u32 (ms), buttons u16, previous buttons u16, stick 2 × i16,
 * yaw u16, pitch u16.
 */
export const playerInput: PayloadMaker = (bytes, random) => {
  const aim = newPlayer(random);
  let sequence = random.integer(10_000);
  let buttons = 0;
  return () => {
    const before = buttons;
    walk(aim, random);
    if (random.integer(4) === 0) buttons ^= 1 << random.integer(8);
    const payload = Buffer.alloc(bytes);
    payload.writeUInt32BE(sequence++, 0);
    payload.writeUInt32BE(sequence * 2, 4);
    payload.writeUInt32BE(sequence * 100, 8);
    payload.writeUInt16BE(buttons, 12);
    payload.writeUInt16BE(before, 14);
    payload.writeInt16BE(velocity(aim, Math.cos), 16);
    payload.writeInt16BE(velocity(aim, Math.sin), 18);
    payload.writeUInt16BE(aim.yaw, 20);
    payload.writeUInt16BE(aim.pitch, 22);
    return payload;
  };
};

/** Random bytes: like encoded audio or video, they do not compress. */
export const mediaChunk: PayloadMaker = (bytes, random) => () => Buffer.from(random.bytes(bytes));
