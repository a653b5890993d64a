// Asks the functions of the extension as GraphQL, by PostGraphile as a library: a
// schema of one's own, and the extension's. PGHOST and the like name a database
// with the entities of clients/mcp/test/mcp.sql and the functions of docs/agents.md.
// Prints lines in TAP format.

const { createPostGraphileSchema, withPostGraphileContext } = require('postgraphile');
const { graphql } = require('graphql');
const { Pool } = require('pg');

// of pg, of itself
process.noDeprecation = true;

const parse = 'c:fn:parse:src/parse.c:5-90';
let count = 0;

function check(good, title, seen) {
	console.log(`${good ? 'ok' : 'not ok'} ${++count} - ${title}`);
	if (!good)
		console.log(`# ${JSON.stringify(seen)}`);
}

async function ask(pool, schema, query) {
	return withPostGraphileContext({ pgPool: pool }, (context) => graphql(schema, query, null, context));
}

async function main() {
	const pool = new Pool();
	const warnings = [];
	const warn = console.warn;

	// names of two things that become one are told of by a warning or an error
	console.warn = console.error = (...words) => warnings.push(words.join(' '));

	let schema = await createPostGraphileSchema(pool, ['api']);
	let answer = await ask(pool, schema, `{ radius(entity: "${parse}", hops: 2) { nodes { key distance certain } } }`);
	check(answer.errors === undefined && answer.data.radius.nodes.length === 3 && answer.data.radius.nodes.some((row) => row.key.startsWith('c:fn:main:') && row.distance === 2),
		'a function of a schema of its own', answer);
	answer = await ask(pool, schema, `{ context(keys: ["${parse}"]) { nodes { place key relation tokens content } } }`);
	check(answer.errors === undefined && answer.data.context.nodes[0].key === parse && answer.data.context.nodes.some((row) => row.relation === 'possible'), 'context', answer);

	const { rows } = await pool.query("SELECT nspname FROM pg_extension JOIN pg_namespace AS n ON n.oid = extnamespace WHERE extname = 'parseltongue'");
	schema = await createPostGraphileSchema(pool, [rows[0].nspname], { includeExtensionResources: true });
	const fields = Object.keys(schema.getQueryType().getFields());
	for (const name of ['ptContext', 'ptImpact', 'ptImpactPage', 'ptImpactSummary', 'ptCallersPage', 'ptSearchPage', 'ptPossibleCallers', 'ptPossibleCallersSummary', 'ptWatches', 'ptHelp', 'ptLeftOutSummary'])
		check(fields.includes(name), `${name} is a field`, fields);
	answer = await ask(pool, schema, `{ ptContext(keys: ["${parse}"], maxTokens: "400") { nodes { key relation tokens } }
		ptCallersPage(key: "${parse}", maxResults: "1") { nodes { place key edgeTypes total } }
		ptImpactSummary(keys: ["${parse}"]) { nodes { entities unresolved unread } }
		ptSearchPage(query: "pars", maxResults: "2") { nodes { place key total } } }`);
	check(answer.errors === undefined && answer.data.ptContext.nodes.length > 3 && answer.data.ptCallersPage.nodes[0].total === '2' &&
		answer.data.ptImpactSummary.nodes[0].unresolved === '1' && answer.data.ptSearchPage.nodes[0].key === parse, 'the functions of the extension', answer);
	// pt_rank and pt_watch write, and are mutations
	const mutations = Object.keys(schema.getMutationType().getFields());
	check(mutations.includes('ptWatch') && mutations.includes('ptRank') && !fields.includes('ptWatch'), 'what writes is a mutation', mutations);
	answer = await ask(pool, schema, `mutation { ptWatch(input: { keys: ["${parse}"], channel: "graphql" }) { bigInt } }`);
	check(answer.errors === undefined && answer.data.ptWatch.bigInt === '1', 'a watch', answer);
	check(warnings.length === 0, 'no name is in the way of another', warnings);
	console.warn = warn;
	console.log(`1..${count}`);
	await pool.end();
}

main().catch((error) => {
	console.log(`not ok ${++count} - ${error.message}`);
	console.log(`1..${count}`);
	process.exit(1);
});
