import { deepEqual, equal } from 'node:assert/strict';
import { type ServedContext, serveContext } from '../../kit/context/testing/serve-context.ts';
import { shipping } from './context.ts';
import { decide, type ShipmentCommand } from './decide.ts';
import { shipment } from './shipment.ts';

const now = '2026-01-01T00:00:00.000Z';
const lines = [{ itemId: 'cup', name: 'Cup', quantity: 2 }];

describe('shipping over HTTP', () => {
  let served: ServedContext;
  before(async () => {
    served = await serveContext(shipping);
  });
  after(() => served.stop());

  const given = (command: ShipmentCommand) =>
    served.commands.handle(
      {
        keys: { shipment: shipment.key(command.orderId) },
        decide: (states) => ({ shipment: decide(command, states.shipment) }),
      },
      { tenant: 'acme-1a2b3c4d', cause: {} },
    );
  const scheduled = (orderId: string) =>
    given({ type: 'ScheduleShipment', orderId, customer: 'ada', lines, now });
  const cancelled = (orderId: string) => given({ type: 'CancelShipment', orderId, now });

  it('shows the shipment of an order', async () => {
    await scheduled('o1');
    const { body } = await served.ask('GET /v1/shipments?order=o1');
    const expected = {
      shipmentId: 'o1',
      orderId: 'o1',
      customer: 'ada',
      lines,
      scheduledAt: now,
      status: 'scheduled',
    };
    deepEqual(body, { items: [expected] });
  });

  it('dispatches once, and answers the same the second time', async () => {
    await scheduled('o2');
    const first = await served.ask('POST /v1/shipments/o2/dispatch');
    deepEqual([first.status, first.body.status], [200, 'dispatched']);
    deepEqual(first.events, ['shipping.shipment-dispatched.v1']);
    const second = await served.ask('POST /v1/shipments/o2/dispatch');
    deepEqual([second.status, second.text, second.events], [200, first.text, []]);
  });

  it('does not dispatch what is cancelled', async () => {
    await scheduled('o3');
    await cancelled('o3');
    const answered = await served.ask('POST /v1/shipments/o3/dispatch');
    deepEqual([answered.status, answered.body.code, answered.events], [409, 'shipment-cancelled', []]);
  });

  it('shows one that was cancelled before it was scheduled', async () => {
    await cancelled('o4');
    const { body } = await served.ask('GET /v1/shipments?order=o4');
    deepEqual(body.items, [{ status: 'cancelled', shipmentId: 'o4', orderId: 'o4', cancelledAt: now }]);
  });

  it('pages through all shipments', async () => {
    const first = await served.ask('GET /v1/shipments?limit=1');
    const second = await served.ask(`GET /v1/shipments?limit=1&after=${first.body.next}`);
    deepEqual([first.body.items[0]?.orderId, second.body.items[0]?.orderId], ['o1', 'o2']);
  });

  it('answers 404 to what is missing and to what another tenant has, alike', async () => {
    for (const id of ['o1', 'o9']) {
      const answered = await served.ask(`POST /v1/shipments/${id}/dispatch`, { tenant: 'other-1a2b3c4d' });
      deepEqual([answered.status, answered.body.code], [404, 'shipment-not-found']);
    }
    deepEqual((await served.ask('GET /v1/shipments?order=o1', { tenant: 'other-1a2b3c4d' })).body, {
      items: [],
    });
    equal((await served.ask('GET /v1/shipments?order[$ne]=x')).status, 400);
  });
});
