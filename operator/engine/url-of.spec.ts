import { equal } from 'node:assert/strict';
import { urlOf } from './url-of.ts';

describe('urlOf', () => {
  it('encodes what is asked and leaves out what is not', () => {
    const query = { labelSelector: 'a=b,c', limit: 500, continue: undefined, watch: true };
    equal(
      urlOf('https://10.0.0.1:6443', { path: '/api/v1/pods', query }).href,
      'https://10.0.0.1:6443/api/v1/pods?labelSelector=a%3Db%2Cc&limit=500&watch=true',
    );
  });

  for (const server of ['https://console/clusters/a', 'https://console/clusters/a/']) {
    it(`keeps the path of ${server}`, () =>
      equal(urlOf(server, { path: '/api/v1/pods' }).href, 'https://console/clusters/a/api/v1/pods'));
  }
});
