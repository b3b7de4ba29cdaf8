import { EmbeddingError } from '@diptych/core';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Connection } from '../../src/node/postgres/connection.ts';
import { pgliteServer } from './pglite-server.ts';
import type { Server } from './server.ts';

let server!: Server;
beforeAll(async () => {
  server = await pgliteServer();
});
afterAll(() => server.remove());

const connect = () => new Connection(Client, server.url, 'here');

it('gives an error of ours as it is, undoes what was written, and goes on', async () => {
  const connection = connect();
  await connection.query('CREATE TABLE written (a int)');
  for (const ours of [
    new TypeError('ours'),
    new EmbeddingError('CONFIG_INVALID', { where: 'ours', expected: 'one', got: 'another' }),
    new Error(''),
  ]) {
    const failed = connection.transaction(async (query) => {
      await query('INSERT INTO written VALUES (1)');
      throw ours;
    });
    await expect(failed).rejects.toBe(ours);
    expect(await connection.query('SELECT * FROM written')).toEqual([]);
  }
  await connection.close();
});

it('gives an error of ours in the middle of a message as it is, and goes on', async () => {
  const connection = connect();
  const ours = new RangeError('ours');
  const value = {
    toPostgres() {
      throw ours;
    },
  };
  await expect(connection.query('SELECT $1', [value])).rejects.toBe(ours);
  expect(await connection.query('SELECT 1 AS a')).toEqual([{ a: 1 }]);
  await connection.close();
});

it('says what the server refuses, and goes on', async () => {
  const connection = connect();
  await expect(connection.query('SELECT nothing')).rejects.toMatchObject({
    code: 'NETWORK',
    message: expect.stringMatching(/^here: expected an answer of the server, got .*nothing/) as string,
  });
  expect(await connection.query('SELECT 1 AS a')).toEqual([{ a: 1 }]);
  await connection.close();
});

it.each([
  ['the socket breaks', Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', syscall: 'read' })],
  ['the server closes', new Error('Connection terminated unexpectedly')],
  ['the server says that it goes', Object.assign(new Error('shutting down'), { severity: 'FATAL', code: '57P01' })],
])('says that there is no connection when %s, and makes another', async (_, broken) => {
  let made = 0;
  class Broken extends Client {
    override connect(): Promise<Client>;
    override connect(callback: (error: Error) => void): void;
    override async connect(): Promise<Client> {
      made++;
      return this;
    }
    override query(): never {
      throw broken;
    }
    override async end() {}
  }
  const connection = new Connection(Broken, 'postgres://here', 'here');
  for (const n of [1, 2]) {
    await expect(connection.query('SELECT 1')).rejects.toMatchObject({
      code: 'NETWORK',
      message: expect.stringContaining('here: expected a connection') as string,
      cause: broken,
    });
    expect(made).toBe(n);
  }
});

it('refuses what is no address, without its password', async () => {
  const failed = new Connection(Client, 'postgres://user:secret@[::', 'here').query('SELECT 1');
  await expect(failed).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: expect.not.stringContaining('secret') as string,
  });
});
