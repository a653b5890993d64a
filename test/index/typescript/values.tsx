import { parse, type Options } from "./tools";
import * as http from "node:http";

export const Save = memo(() => <b />);
const start = (options: Options, log: Log = print): Log => { http.createServer(options.handler); return log; };
function print(line: string): void {}
enum Level { Low }
class Panel extends Base {
  private later = async () => start;
  static first = print;
  limit: number = 3;
  constructor(private readonly done: Log) { super(done, print as Log, this.limit, this.draw); }
  draw() { return [Level.Low, this.inherited, parse!, start satisfies Log] as const; }
}
export const load = React.useCallback(async (path: string) => parse(path), [parse]);
export default <Panel done={print} at={Panel} />;
