import { type Debugger, type Profiler, Session } from "node:inspector";

interface Replies {
  "Profiler.enable": object;
  "Profiler.startPreciseCoverage": object;
  "Profiler.takePreciseCoverage": Profiler.TakePreciseCoverageReturnType;
  "Debugger.enable": object;
  "Debugger.disable": object;
  "Debugger.getPossibleBreakpoints": Debugger.GetPossibleBreakpointsReturnType;
}

/** Asks V8's inspector of this process. It answers at once. */
export type Inspect = <Method extends keyof Replies>(method: Method, parameters?: object) => Replies[Method];

/** `onScript` hears of each script. */
export function openInspector(onScript: (url: string, id: string) => void = () => undefined): Inspect {
  const session = new Session();
  session.connect();
  session.on("Debugger.scriptParsed", ({ params: { url, scriptId } }) => onScript(url, scriptId));
  return <Method extends keyof Replies>(method: Method, parameters: object = {}) => {
    const answers: object[] = [];
    session.post(method, parameters, (error: Error | null, answer: object | undefined) => {
      if (error === null) answers.push(answer ?? {});
    });
    const [answer] = answers;
    if (answer === undefined) throw new Error(`V8 refuses ${method} ${JSON.stringify(parameters)}`);
    return answer as Replies[Method];
  };
}
