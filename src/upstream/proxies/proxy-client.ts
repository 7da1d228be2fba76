import { isIP } from "node:net";
import { Client, type Dispatcher } from "undici";

/** A proxy answered CONNECT with another status than 200. undici has the status only in the text of its error. */
export class ConnectRefused extends Error {
  readonly status: number;
  /** The requested host and port. */
  readonly target: string;

  constructor(status: number, target: string) {
    super(`${status} to CONNECT ${target}`);
    this.name = "ConnectRefused";
    this.status = status;
    this.target = target;
  }
}

/** undici uses the address of a proxy as a server name (SNI) too, which Node refuses. */
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

/** Sends CONNECT to a proxy. Rejects with ConnectRefused for any status except 200. */
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
