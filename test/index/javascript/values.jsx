import { parse, other as renamed } from './util.js';
import React, { memo } from 'react';
import * as tools from './tools';

const table = { parse, start: begin, last };
function begin(list, done = finish) {
  const local = list;
  list.map(parse).map(local, done).map(tools.step);
  return finish;
}
function finish() {}
export class View {
  handle = begin;
  rows = 3;
  save() {}
  render() {
    el.on('x', this.save.bind(this));
    el.on('y', this.lost, this.rows);
    return <List onClick={this.save} each={parse} rows={this.rows} />;
  }
}
const Row = memo(() => <td onClick={finish} />);
export const Cell = React.forwardRef(function (props, ref) { return renamed(ref); });
const Box = styled.div`a`;
const Page = React.lazy(() => import('./page'));
exports.stop = function () { return () => begin; };
exports.pause = () => finish || begin;
module.exports = { View, Row };
export { finish, begin as start };
export default begin;
