import { isIP } from "node:net";
import { Client, type Dispatcher } from "undici";

/** What a proxy answered to CONNECT, where that was not 200. undici has the status in the text of its error alone. */
export class ConnectRefused extends Error {
  readonly status: number;
  /** Host and port that it was asked for. */
  readonly target: string;

  constructor(status: number, target: string) {
    super(`${status} to CONNECT ${target}`);
    this.name = "ConnectRefused";
    this.status = status;
    this.target = target;
  }
}

/** undici has an address of a proxy asked for as a server name (SNI) too, which Node refuses. */
export function withoutAddressAsName(options: Client.Options): Client.Options {
  const { connect } = options;
  if (typeof connect !== "function") return options;
  return {
    ...options,
    connect: (target, callback) =>
      connect(isIP(target.servername ?? "") === 0 ? target : { ...target, servername: "" }, callback),
  };
}

type Options<Opaque> = Omit<Dispatcher.ConnectOptions<Opaque>, "origin">;
type Data<Opaque> = Dispatcher.ConnectData<Opaque>;

/** Asks a proxy to CONNECT; rejects with ConnectRefused for any status but 200. */
export class ProxyClient extends Client {
  override connect<Opaque = null>(options: Options<Opaque>): Promise<Data<Opaque>>;
  override connect<Opaque = null>(
    options: Options<Opaque>,
    callback: (error: Error | null, data: Data<Opaque>) => void,
  ): void;
  override connect<Opaque = null>(
    options: Options<Opaque>,
    callback?: (error: Error | null, data: Data<Opaque>) => void,
  ): Promise<Data<Opaque>> | void {
    if (callback !== undefined) return super.connect(options, callback);
    return super.connect(options).then((answer) => openOrRefused(answer, options.path));
  }
}

function openOrRefused<Opaque>(answer: Data<Opaque>, target: string): Data<Opaque> {
  if (answer.statusCode === 200) return answer;
  answer.socket.on("error", () => undefined).destroy();
  throw new ConnectRefused(answer.statusCode, target);
}
