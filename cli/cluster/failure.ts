import { ApiError, ConnectionLost } from '../../operator/engine/api-error.ts';
import { CommandFailed } from '../command-failed.ts';

/** What the API server said, without the request that it was about. */
export const sentenceOf = ({ message }: ApiError): string =>
  /^[A-Z]+ \S+: \d{3} \w+: (.+)$/s.exec(message)?.[1]?.trim() ?? message;

/** A failure of the cluster as a sentence with a remedy; anything else as it is. */
export const inWords = (error: unknown, server: string): unknown => {
  if (error instanceof ConnectionLost) {
    const why = error.message.replace(/^[A-Z]+ \S+: /, '');
    return new CommandFailed(
      `cannot reach the API server at ${server}: ${why}. Check that the cluster runs, and that KUBECONFIG or --kubeconfig names it.`,
      { cause: error },
    );
  }
  if (!(error instanceof ApiError)) return error;
  return new CommandFailed(refusalInWords(error, server), { cause: error });
};

/** The API server answers so for a path that it does not know, not for an object. */
const UNKNOWN_PATH = /page not found|could not find the requested resource/;

const refusalInWords = (error: ApiError, server: string): string => {
  const sentence = sentenceOf(error);
  if (error.status === 401) {
    return `The API server at ${server} does not accept the kubeconfig's credentials: log in again, or ask for a new kubeconfig.`;
  }
  if (error.status === 403 && error.reason === 'Forbidden') {
    return `${sentence}. Ask whoever runs the cluster for that right.`;
  }
  if (isKindUnknown(error)) {
    return 'This cluster does not know the kinds of cadastre.dev: install them with cadastre install.';
  }
  return `The API server refuses: ${sentence}`;
};

export const isKindUnknown = (error: unknown): boolean =>
  error instanceof ApiError && error.status === 404 && UNKNOWN_PATH.test(error.message);
