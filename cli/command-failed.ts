/** What was asked for cannot be done; the message says why and names the remedy. Not a fault of the program. */
export class CommandFailed extends Error {
  override name = 'CommandFailed';
}
