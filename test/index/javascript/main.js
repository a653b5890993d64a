import { load } from './util.js';
const fs = require('fs');
export const MAX = 5;

export class Queue extends events.Emitter {
  #items = [];
  push(item) { this.#grow(item); return load(MAX); }
  #grow() {}
  onEnd = () => { fs.close(); };
}

export default function start(queue) {
  const done = () => queue.push(new Queue());
  return done()?.then(start);
}
module.exports.stop = function () { return <View a={start} />; };
start();
