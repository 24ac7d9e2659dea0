import assert from 'node:assert/strict';
import { MongoBulkWriteError, MongoNetworkError, MongoServerError } from 'mongodb';
import { isConflict } from './transaction.ts';

type BulkFault = ConstructorParameters<typeof MongoBulkWriteError>[0];
type BulkResult = ConstructorParameters<typeof MongoBulkWriteError>[1];

const bulk = (fault: unknown) => new MongoBulkWriteError(fault as BulkFault, {} as BulkResult);

describe('isConflict', () => {
  it('takes a bulk write whose connection broke for one that may be tried again', () => {
    assert.equal(isConflict(bulk(new MongoNetworkError('read ECONNRESET'))), true);
  });
  it('takes an id that was inserted meanwhile for one', () => {
    assert.equal(isConflict(bulk({ message: 'E11000 duplicate key', code: 11_000 })), true);
  });
  it('leaves what MongoDB refuses for good', () => {
    assert.equal(isConflict(bulk({ message: 'the document is too large', code: 10_334 })), false);
    assert.equal(isConflict(new MongoServerError({ message: 'unauthorized', code: 13 })), false);
    assert.equal(isConflict(new Error('the handler failed')), false);
  });
});
