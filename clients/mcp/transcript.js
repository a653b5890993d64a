// Asks the server questions about a tree of Python, networkx, and prints what it
// says, with sizes, as docs/agents.md shows it. PGHOST and the like say where the
// tree is indexed; clients/mcp/transcript indexes it and calls this.
//
// In a question {name} is the key that search finds first for the name.

import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { tokens } from './answer.js';

const questions = [
	['search', { query: 'bidirectional_dijk', max_results: 4 }],
	['search', { query: 'edge_dfs()', max_results: 2 }],
	['radius', { key: '{edge_dfs}', hops: 2, max_rows: 6 }],
	['radius', { key: '{edge_dfs}', hops: 2, order_by: 'rank', max_rows: 3 }],
	['callers', { key: '{edge_dfs}', max_rows: 4 }],
	['possible_callers', { keys: ['{edge_dfs}'], max_rows: 3 }],
	['tests', { keys: ['{edge_dfs}'], max_rows: 3 }],
	['context', { keys: ['{find_cycle}'], max_tokens: 1500 }],
	['path', { from: '{find_cycle}', to: '{edge_dfs}' }],
	['important', { max_rows: 5 }],
	['search', { query: 'there_is_no_such_name' }],
];
const shown = 12;	// lines of an answer

const program = fileURLToPath(new URL('server.js', import.meta.url));
const client = new Client({ name: 'transcript', version: '1' });
const ask = async (name, input) => (await client.callTool({ name, arguments: input })).content[0].text;

// the second line of a search is its best row, whose first column is the key
const found = new Map();
async function keyOf(name) {
	if (!found.has(name))
		found.set(name, (await ask('search', { query: `${name}()`, max_results: 1 })).split('\n')[1].split('\t')[0]);
	return found.get(name);
}

async function withKeys(value) {
	if (Array.isArray(value))
		return Promise.all(value.map(withKeys));
	const name = typeof value === 'string' ? value.match(/^\{(.+)\}$/) : null;
	return name === null ? value : keyOf(name[1]);
}

await client.connect(new StdioClientTransport({ command: process.execPath, args: [program], env: process.env }));
for (const [tool, asked] of questions) {
	const input = {};
	for (const [name, value] of Object.entries(asked))
		input[name] = await withKeys(value);
	const text = await ask(tool, input);
	const lines = text.split('\n');
	// what an answer leaves out stands at its end
	const kept = lines.length <= shown ? lines : [...lines.slice(0, shown - 3), '[...]', ...lines.slice(-3)];

	console.log([`> ${tool} ${JSON.stringify(input)}`, ...kept, `(${Buffer.byteLength(text)} bytes, ${tokens(text)} tokens)`]
		.map((line) => `    ${line}`.replace(/\s+$/, '')).join('\n') + '\n');
}
await client.close();
