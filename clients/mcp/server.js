#!/usr/bin/env node
// A server of the Model Context Protocol on standard input and output. Each call
// is a transaction of its own that can only read.
//
//	node server.js [CONNECTION STRING]
//
// Without one PGHOST, PGPORT, PGUSER, PGDATABASE and PGPASSWORD say where, as for
// psql. PARSELTONGUE_GRAPH names the graph to ask, PARSELTONGUE_MAX_TOKENS is the
// bound of each answer.

import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import pg from 'pg';
import { failure, tokens } from './answer.js';
import { tools } from './tools.js';

const maxTokens = Number(process.env.PARSELTONGUE_MAX_TOKENS ?? 8000);
const timeout = process.env.PARSELTONGUE_TIMEOUT ?? '30s';

if (!(maxTokens >= 300)) {
	console.error(`PARSELTONGUE_MAX_TOKENS must be 300 or more: ${process.env.PARSELTONGUE_MAX_TOKENS}`);
	process.exit(2);
}

const pool = new pg.Pool({ connectionString: process.argv[2], max: 4, application_name: 'parseltongue-mcp' });
// a connection that breaks while nobody uses it is replaced by the next call
pool.on('error', (error) => console.error(error.message));

// The extension may be in any schema. Numbers of 64 bits come as text.
const prepare = `SELECT set_config('search_path', quote_ident(nspname) || ', ' || current_setting('search_path'), true),
	set_config('statement_timeout', $1, true), set_config('parseltongue.graph', coalesce($2, current_setting('parseltongue.graph', true), ''), true)
	FROM pg_extension JOIN pg_namespace AS n ON n.oid = extnamespace WHERE extname = 'parseltongue'`;

async function answer(tool, input) {
	const client = await pool.connect();
	const notices = [];
	const note = (notice) => notices.push(`${notice.severity}: ${notice.message}`);
	let broken;

	client.on('notice', note);
	try {
		// the extended protocol: one statement at a time, and no other behind it
		const ask = async (text, values) => (await client.query({ text, values, queryMode: 'extended' })).rows;

		await ask('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', []);
		const found = await ask(prepare, [timeout, process.env.PARSELTONGUE_GRAPH ?? null]);
		if (found.length === 0)
			throw Object.assign(new Error('the extension parseltongue is not installed in this database'), { hint: 'CREATE EXTENSION parseltongue' });
		let text = await tool.run(ask, input, maxTokens);

		// warnings say what was cut, or is slow; they go where there is room
		for (const notice of notices.slice(0, 5)) {
			if (tokens(`${text}\n${notice}`) <= maxTokens)
				text += `\n${notice}`;
		}
		return { content: [{ type: 'text', text }] };
	} catch (error) {
		return failure(error);
	} finally {
		client.off('notice', note);
		await client.query('ROLLBACK').catch((error) => { broken = error; });
		client.release(broken);
	}
}

const server = new McpServer({ name: 'parseltongue', version: '0.2.0' }, {
	instructions: 'Questions about a code graph. search gives keys; context gives the code to read before a change; radius, callers, tests say what a change affects. '
		+ 'Answers say what they leave out and what may be missing: an empty answer is not proof that nothing depends on something.',
});

for (const [name, tool] of Object.entries(tools)) {
	server.registerTool(name, {
		description: tool.description,
		inputSchema: tool.input,
		annotations: { readOnlyHint: true, openWorldHint: false },
	}, (input) => answer(tool, input).catch(failure));
}

await server.connect(new StdioServerTransport());
