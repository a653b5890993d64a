# What drivers send: their values have types that a psql literal has not, and
# answers must not depend on that.  Drivers are asked the same questions; those
# that are not installed are skipped.  $PT_DRIVERS is a folder where npm has put
# node-postgres.
use strict;
use warnings;
use FindBin;
use lib $FindBin::RealBin;
use IPC::Run;
use PtTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = pt_node('drivers');
$node->safe_psql('postgres', <<'SQL');
CREATE TABLE n (a bigint, b bigint, k integer);
CREATE INDEX ON n USING adjacency (a, b, k);
INSERT INTO n VALUES (1, 2, 1), (2, 70000, 1), (70000, 3000000000, 2);
CREATE TABLE t (a text, b text, k text, c numeric(3,2));
CREATE INDEX ON t USING adjacency (a, b, k, c);
INSERT INTO t VALUES ('x', 'y', 'Calls', NULL), ('y', 'z', 'Uses', 0.4);
CREATE TABLE u (a uuid, b uuid);
CREATE INDEX ON u USING adjacency (a, b);
INSERT INTO u VALUES ('00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-000000000002');
SQL

# question, answer: the first column, sorted, separated by blanks
my $u = '00000000-0000-0000-0000-00000000000';
my @expected = (
	[ 'integer start', '1 2 3000000000 70000' ],
	[ 'large start', '3000000000' ],
	[ 'text start', 'x y' ],
	[ 'uuid start', "${u}1 ${u}2" ],
	[ 'integer starts', '1 2 3000000000 70000' ],
	[ 'mixed starts', '1 2 3000000000 70000' ],
	[ 'text starts', 'x y' ],
	[ 'uuid starts', "${u}1 ${u}2" ],
	[ 'no starts', '' ],
	[ 'integer key', '1 2 70000' ],
	[ 'uuid key', "${u}1" ],
	[ 'hops', '2 70000' ],
	[ 'confidence', 'x y' ],
	[ 'confidence as a whole number', '' ],
	[ 'types', 'x y' ],
	[ 'nothing for options', 'x' ],
	[ 'keys', 'x' ],
	[ 'integer keys of a path', '1 2' ],
	[ 'picture', '1' ],
	[ 'edges as JSON', '1' ],
	[ 'entities as JSON', '1' ],
	[ 'a document', '1' ]);

my $python_questions = <<'PYTHON';
def ask(label, sql, *values):
    cursor = connection.cursor()
    cursor.execute(sql, values)
    print(label, *sorted(str(row[0]) for row in cursor.fetchall()), sep="\t", flush=True)

one = uuid.UUID(int=1)
ask("integer start", "SELECT node FROM pt_bfs('n', %s)", 1)
ask("large start", "SELECT node FROM pt_bfs('n', %s)", 3000000000)
ask("text start", "SELECT node FROM pt_bfs('t', %s)", "x")
ask("uuid start", "SELECT node FROM pt_bfs('u', %s)", one)
ask("integer starts", "SELECT node FROM pt_multi_source_bfs('n', %s)", [1, 2])
ask("mixed starts", "SELECT node FROM pt_multi_source_bfs('n', %s)", [1, 70000, 3000000000])
ask("text starts", "SELECT node FROM pt_multi_source_bfs('t', %s)", ["x", "y"])
ask("uuid starts", "SELECT node FROM pt_multi_source_bfs('u', %s)", [one])
ask("no starts", "SELECT node FROM pt_multi_source_bfs('n', %s)", [])
ask("integer key", "SELECT key FROM pt_blast_radius(%s, graph => %s)", 3000000000, "n")
ask("uuid key", "SELECT key FROM pt_blast_radius(%s, graph => 'u')", uuid.UUID(int=2))
ask("hops", "SELECT key FROM pt_blast_radius(%s, hops => %s, direction => %s, graph => 'n')", 1, 2, "out")
ask("confidence", "SELECT key FROM pt_blast_radius('z', min_confidence => %s, graph => 't')", 0.25)
ask("confidence as a whole number", "SELECT key FROM pt_blast_radius('z', min_confidence => %s, graph => 't')", 1)
ask("types", "SELECT key FROM pt_blast_radius('z', edge_types => %s, min_confidence => %s, graph => 't')", ["Calls", "Uses"], 0.4)
ask("nothing for options", "SELECT key FROM pt_blast_radius('y', %s, edge_types => %s, min_confidence => %s, max_nodes => %s, graph => 't')", None, None, None, None)
ask("keys", "SELECT key FROM pt_impact(%s, graph => 't')", ["y", "z"])
ask("integer keys of a path", "SELECT from_key FROM pt_path(%s, %s, graph => 'n')", 1, 70000)
ask("picture", "SELECT count(*) FROM (SELECT pt_to_dot(a, b, k) FROM n) AS p WHERE p::text LIKE '%%3000000000%%'")
edges = [{"from_key": "p", "to_key": "q", "confidence": 0.5}]
ask("edges as JSON", "SELECT pt_insert_edges(%s)", Json(edges))
ask("entities as JSON", "SELECT pt_insert_entities(%s)", json.dumps([{"key": "p"}]))
ask("a document", "SELECT edges_unchanged FROM pt_import(%s)", Json(edges))
PYTHON

my %programs = (
	'psycopg 3' => [ 'python3', <<"PYTHON" . $python_questions ],
import json, sys, uuid, psycopg
from psycopg.types.json import Json
connection = psycopg.connect(sys.argv[1], autocommit=True)
PYTHON
	'psycopg 2' => [ 'python3', <<"PYTHON" . $python_questions ],
import json, sys, uuid, psycopg2, psycopg2.extras
from psycopg2.extras import Json
psycopg2.extras.register_uuid()
connection = psycopg2.connect(sys.argv[1])
connection.autocommit = True
PYTHON
	'node-postgres' => [ 'node', <<'JAVASCRIPT' ]);
const { Client } = require('pg');
const [host, port, database] = process.argv.slice(2);
(async () => {
	const client = new Client({ host, port, database, user: process.env.PGUSER });
	await client.connect();
	const ask = async (label, sql, ...values) => {
		const { rows } = await client.query({ text: sql, values, rowMode: 'array' });
		console.log([label, ...rows.map((row) => String(row[0])).sort()].join('\t'));
	};
	const one = '00000000-0000-0000-0000-000000000001';
	await ask('integer start', "SELECT node FROM pt_bfs('n', $1)", 1);
	await ask('large start', "SELECT node FROM pt_bfs('n', $1)", 3000000000);
	await ask('text start', "SELECT node FROM pt_bfs('t', $1)", 'x');
	await ask('uuid start', "SELECT node FROM pt_bfs('u', $1)", one);
	await ask('integer starts', "SELECT node FROM pt_multi_source_bfs('n', $1)", [1, 2]);
	await ask('mixed starts', "SELECT node FROM pt_multi_source_bfs('n', $1)", [1, 70000, 3000000000n]);
	await ask('text starts', "SELECT node FROM pt_multi_source_bfs('t', $1)", ['x', 'y']);
	await ask('uuid starts', "SELECT node FROM pt_multi_source_bfs('u', $1)", [one]);
	await ask('no starts', "SELECT node FROM pt_multi_source_bfs('n', $1)", []);
	await ask('integer key', 'SELECT key FROM pt_blast_radius($1, graph => $2)', 3000000000, 'n');
	await ask('uuid key', "SELECT key FROM pt_blast_radius($1, graph => 'u')", '00000000-0000-0000-0000-000000000002');
	await ask('hops', "SELECT key FROM pt_blast_radius($1, hops => $2, direction => $3, graph => 'n')", 1, 2, 'out');
	await ask('confidence', "SELECT key FROM pt_blast_radius('z', min_confidence => $1, graph => 't')", 0.25);
	await ask('confidence as a whole number', "SELECT key FROM pt_blast_radius('z', min_confidence => $1, graph => 't')", 1);
	await ask('types', "SELECT key FROM pt_blast_radius('z', edge_types => $1, min_confidence => $2, graph => 't')", ['Calls', 'Uses'], 0.4);
	await ask('nothing for options', "SELECT key FROM pt_blast_radius('y', $1, edge_types => $2, min_confidence => $3, max_nodes => $4, graph => 't')", null, null, null, undefined);
	await ask('keys', "SELECT key FROM pt_impact($1, graph => 't')", ['y', 'z']);
	await ask('integer keys of a path', "SELECT from_key FROM pt_path($1, $2, graph => 'n')", 1, 70000);
	await ask('picture', "SELECT count(*) FROM (SELECT pt_to_dot(a, b, k) FROM n) AS p WHERE p::text LIKE '%3000000000%'");
	const edges = [{ from_key: 'p', to_key: 'q', confidence: 0.5 }];
	await ask('edges as JSON', 'SELECT pt_insert_edges($1)', JSON.stringify(edges));
	await ask('entities as JSON', 'SELECT pt_insert_entities($1)', JSON.stringify([{ key: 'p' }]));
	await ask('a document', 'SELECT edges_unchanged FROM pt_import($1)', JSON.stringify(edges));
	await client.end();
})().catch((e) => { console.error(e); process.exit(1); });
JAVASCRIPT

# Debian's own Python has Debian's drivers.
my %interpreter = (python3 => -x '/usr/bin/python3' ? '/usr/bin/python3' : 'python3', node => 'node');
local $ENV{NODE_PATH} = join ':', grep { defined } $ENV{PT_DRIVERS} && "$ENV{PT_DRIVERS}/node_modules", '/usr/share/nodejs', '/usr/share/javascript';
my %probe = ('psycopg 3' => 'import psycopg', 'psycopg 2' => 'import psycopg2', 'node-postgres' => "require('pg')");
my $asked = 0;
foreach my $driver (sort keys %programs)
{
	my ($language, $program) = @{ $programs{$driver} };
	my ($out, $err) = ('', '');
	my $option = $language eq 'node' ? '-e' : '-c';
  SKIP:
	{
		skip "$driver is not installed", 1
		  if !eval { IPC::Run::run([ $interpreter{$language}, $option, $probe{$driver} ], '>', \$out, '2>', \$err) };
		$asked++;
		local %ENV = $node->_get_env();
		$node->safe_psql('postgres', 'TRUNCATE pt_entity, pt_edge');
		$ENV{PGUSER} = $node->safe_psql('postgres', 'SELECT current_user');
		my $path = PostgreSQL::Test::Utils::tempdir() . '/program' . ($language eq 'node' ? '.js' : '.py');
		append_to_file($path, $program);
		my @arguments = $language eq 'node' ? ($node->host, $node->port, 'postgres') : ($node->connstr('postgres') . " user=$ENV{PGUSER}");
		($out, $err) = ('', '');
		IPC::Run::run([ $interpreter{$language}, $path, @arguments ], '>', \$out, '2>', \$err,
			IPC::Run::timeout($PostgreSQL::Test::Utils::timeout_default));
		is($out, join('', map { join("\t", $_->[0], split / /, $_->[1]) . "\n" } @expected), "$driver: all questions are answered")
		  or diag $err;
		is($node->safe_psql('postgres', 'SELECT from_key, to_key, confidence FROM pt_edge'), 'p|q|0.50', "$driver: what it wrote");
	}
}
pass("$asked drivers were asked");
$node->stop;
done_testing();
