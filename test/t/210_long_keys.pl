# How long a key may be. The primary keys of pt_entity and pt_edge are btrees,
# which take entries up to a third of a page: the longest that a plain INSERT
# takes work in every function, longer ones are an error that says what the
# limit is, and nothing but them is lost. An import has a limit of its own and
# lists what is beyond it. A table without a btree has keys of a megabyte.
use strict;
use warnings;
use FindBin;
use lib $FindBin::RealBin;
use IPC::Run;
use PtTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = pt_node('long', preload => 1, conf => "jit = off\n");
my $session = $node->background_psql('postgres', on_error_stop => 0);
$session->query_safe('\set VERBOSITY verbose');

$node->safe_psql('postgres', <<'SQL');
CREATE EXTENSION pg_trgm;
-- Text of so many bytes that does not compress.
CREATE FUNCTION noise(bytes int, seed text) RETURNS text LANGUAGE sql IMMUTABLE AS
	$$ SELECT left(string_agg(translate(encode(sha512((seed || i)::bytea), 'base64'), E'\n', ''), '' ORDER BY i), bytes) FROM generate_series(0, bytes / 85) i $$;
-- The key of function number i, in so many bytes.
CREATE FUNCTION key(i int, bytes int) RETURNS text LANGUAGE sql IMMUTABLE AS
	$$ SELECT p || noise(bytes - octet_length(p || s), i::text) || s FROM (SELECT 'c:fn:f' || i || ':', '.c:1-' || i) x (p, s) $$;
-- The longest key of an entity, and the longest two of the same length of an edge,
-- that plain INSERTs take.
CREATE FUNCTION longest(statement text) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
	low int := 100;
	high int := 4000;
	middle int;
BEGIN
	WHILE high - low > 1 LOOP
		middle := (low + high) / 2;
		BEGIN
			EXECUTE statement USING middle;
			low := middle;
			RAISE EXCEPTION USING ERRCODE = 'UUUUU';
		EXCEPTION
			WHEN SQLSTATE 'UUUUU' THEN NULL;
			WHEN program_limit_exceeded THEN high := middle;
		END;
	END LOOP;
	RETURN low;
END $$;
SQL

sub value { return $session->query_safe(shift); }

# A statement of the session fails with this SQLSTATE and message, and the
# session goes on.
sub refused
{
	my ($sql, $state, $message, $what) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	$session->{stderr} = '';
	my ($out) = $session->query($sql);
	like($session->{stderr}, qr/ERROR:  $state: $message/, $what);
	is($out, '', "$what: no result");
	cmp_ok(length $session->{stderr}, '<', 5000, "$what: the message does not have the whole key");
	$session->{stderr} = '';
	return;
}

my $too_long = qr/index row size \d+ exceeds btree version \d maximum (\d+) for index/;
my $entity = value('SELECT longest($$INSERT INTO pt_entity (key) VALUES (noise($1, $a$x$a$))$$)');
my $edge = value('SELECT longest($$INSERT INTO pt_edge (from_key, to_key) VALUES (noise($1, $a$x$a$), noise($1, $a$y$a$))$$)');
note "longest key $entity, of an edge $edge";
# With blocks of 8 kB.
cmp_ok($entity, '>=', 2600, 'the longest key of an entity');
cmp_ok(2 * $edge + 5, '>=', 2600, 'the longest keys of an edge');

# ---- at the limit ----

# A ring of functions, each of whose keys is as long as an edge takes, with a
# chord each; an entity of its own with the longest key; and one function whose
# key has characters of four bytes.
my $wide = '(SELECT $$c:fn:wide:$$ || string_agg(chr(65536 + i * 7919 % 40000), $$$$ ORDER BY i) || $$.c:1-2$$ FROM generate_series(1, 640) i)';
is(value("SELECT bool_and(pt_insert_entity(key(i, $edge), 'function', name => 'f' || i, language => 'c', file_path => 'f' || i || '.c')) FROM generate_series(1, 12) i"),
	't', 'pt_insert_entity');
is(value("SELECT pt_insert_entities(jsonb_agg(jsonb_build_object('key', key(i, $edge), 'entity_class', 'CODE')) || jsonb_build_object('key', key(100, $entity), 'name', 'longest', 'entity_type', 'function') || jsonb_build_object('key', $wide, 'name', 'wide')) FROM generate_series(1, 15) i"),
	'17', 'pt_insert_entities');
is(value("SELECT bool_and(pt_insert_edge(key(i, $edge), key(i % 15 + 1, $edge), 'Calls', 'f.c:' || i)) FROM generate_series(1, 10) i"), 't', 'pt_insert_edge');
is(value("SELECT pt_insert_edges(jsonb_agg(jsonb_build_object('from_key', key(i, $edge), 'to_key', key((i + j) % 15 + 1, $edge)))) FROM generate_series(1, 15) i, unnest('{0,6}'::int[]) j"),
	'30', 'pt_insert_edges');
is(value("SELECT pt_insert_edge('short', $wide), pt_insert_edge($wide, key(100, 40))"), 't|t', 'an edge of wide characters');
is(value("SELECT count(*), max(octet_length(from_key)), min(octet_length(to_key)) FROM pt_edge WHERE from_key LIKE 'c:fn:f%'"), "30|$edge|$edge", 'all of it is there');
# Keys that differ in their last byte only.
is(value("SELECT bool_and(pt_insert_edge(noise($edge - 1, 'pair') || i, noise($edge - 1, 'pair') || i + 1)) FROM generate_series(1, 8) i"), 't', 'keys alike but for the last byte');
is(value("SELECT string_agg(right(key, 1) || distance, ' ' ORDER BY distance) FROM pt_blast_radius(noise($edge - 1, 'pair') || 5, NULL, 'out')"), '61 72 83 94', 'are told apart');
pt_walks_agree($node, 'at the limit', 'pt_edge', "ARRAY[key(1, $edge), key(9, $edge), 'short', key(1, $edge - 1)]");
pt_clean($node, 'at the limit', 'pt_edge_adjacency');

my %same = (
	pt_blast_radius_count => "SELECT pt_blast_radius_count(key(1, $edge), NULL, 'out') = 14",
	pt_impact => "SELECT count(*) = 13 AND bool_and(nearest_key IN (key(1, $edge), key(2, $edge))) FROM pt_impact(ARRAY[key(1, $edge), key(2, $edge)], NULL)",
	pt_callers => "SELECT count(*) = 2 AND bool_and(to_key = key(5, $edge) AND EXISTS (SELECT FROM pt_edge e WHERE (e.from_key, e.to_key) = (c.from_key, c.to_key))) FROM pt_callers(key(5, $edge)) c",
	pt_callees => "SELECT array_agg(to_key ORDER BY to_key COLLATE \"C\") = ARRAY(SELECT to_key FROM pt_edge WHERE from_key = key(5, $edge) ORDER BY to_key COLLATE \"C\") FROM pt_callees(key(5, $edge))",
	pt_path => "SELECT count(*) = 3 AND bool_or(from_key = key(1, $edge)) AND bool_or(to_key = key(4, $edge)) FROM pt_path(key(1, $edge), key(4, $edge))",
	pt_paths => "SELECT count(DISTINCT path) = 3 AND bool_and(octet_length(from_key) = $edge) FROM pt_paths(key(1, $edge), key(4, $edge), 3)",
	pt_subgraph => "SELECT count(*) = 30 AND bool_and(octet_length(from_key) = $edge AND octet_length(to_key) = $edge) FROM pt_subgraph(key(1, $edge), NULL)",
	pt_tree => "SELECT count(*) = 15 AND count(DISTINCT regexp_replace(line, '^[^c]*', '')) = 15 FROM pt_tree(key(1, $edge), NULL, 'out') t (line)",
	pt_to_dot => "SELECT octet_length(pt_to_dot(from_key, to_key)) > 15 * $edge FROM pt_edge",
	pt_to_mermaid => "SELECT octet_length(pt_to_mermaid(from_key, to_key)) > 1000 FROM pt_edge",
	pt_to_json => "SELECT jsonb_array_length(pt_to_json(from_key, to_key) -> 'edges') = 40 FROM pt_edge",
	pt_key_kind => "SELECT pt_key_kind(key(1, $edge)) = 'local' AND pt_key_name(key(1, $edge)) = 'f1' AND pt_key_language(key(1, $edge)) = 'c' AND octet_length(pt_key_path(key(1, $edge))) > $edge - 30",
	pt_affected_tests => "SELECT count(*) = 0 FROM pt_affected_tests(ARRAY[key(1, $edge)])",
	pt_unreferenced => "SELECT count(*) = 1 AND bool_and(key = key(100, $entity)) FROM pt_unreferenced(entity_types => '{function}')",
	pt_statistics => "SELECT sum(count) > 30 FROM pt_statistics()",
	pt_search => "SELECT (array_agg(key))[1] = key(7, $edge) FROM pt_search('f7')",
	'pt_search by key' => "SELECT (array_agg(key))[1] = key(7, $edge) FROM pt_search(key(7, $edge))",
);
foreach my $function (sort keys %same)
{
	is(value($same{$function}), 't', "$function at the limit");
}
is(value('SELECT count(*) FROM pt_enable_search()'), '2', 'pt_enable_search on keys at the limit');
is(value($same{$_}), 't', "$_ with indexes") foreach 'pt_search', 'pt_search by key';
is(value("SELECT key = $wide FROM pt_search('wide')"), 't', 'wide characters are found');
is(value("SELECT pt_insert_entity(key(101, $entity), name => noise(3000, 'name')), (SELECT count(*) FROM pt_search(noise(3000, 'name')))"), 't|0', 'a key and a name as long as may be, with the search indexes there');
is(value("SELECT name = noise(3000, 'name') FROM pt_search(noise(3000, 'name'), 1)"), 't', 'which are found as well');

is(value("SELECT pt_insert_entity($wide, name => reverse(substr($wide, 11, 400)))"), 'f', 'a key and a name of wide characters');
is(value("SELECT key = $wide FROM pt_search(reverse(substr($wide, 11, 400)), 1)"), 't', 'which are found as well');

# ---- beyond it ----

my $before = value('SELECT md5(string_agg(e::text, $$,$$ ORDER BY e::text COLLATE "C")) FROM (SELECT to_jsonb(x) FROM pt_entity x UNION ALL SELECT to_jsonb(x) FROM pt_edge x) e (e)');
refused("SELECT pt_insert_entity(key(1, $entity + 1))", '54000', $too_long, 'pt_insert_entity of a byte more');
refused("SELECT pt_insert_entities(jsonb_build_array('{\"key\": \"a\"}'::jsonb, jsonb_build_object('key', key(1, $entity + 1)), '{\"key\": \"z\"}'::jsonb))", '54000', $too_long, 'pt_insert_entities');
refused("SELECT pt_insert_edge(key(1, $edge + 4), key(2, $edge + 4))", '54000', $too_long, 'pt_insert_edge');
refused("SELECT pt_insert_edges(jsonb_build_array('{\"from_key\": \"a\", \"to_key\": \"b\"}'::jsonb, jsonb_build_object('from_key', key(1, $edge + 4), 'to_key', key(2, $edge + 4))))", '54000', $too_long, 'pt_insert_edges');
refused("INSERT INTO pt_edge VALUES ('a', 'b'), ('a', noise(4000, ''))", '54000', $too_long, 'INSERT');
refused("UPDATE pt_edge SET to_key = to_key || noise(200, '') WHERE from_key = key(5, $edge)", '54000', $too_long, 'UPDATE');
is(value('SELECT md5(string_agg(e::text, $$,$$ ORDER BY e::text COLLATE "C")) FROM (SELECT to_jsonb(x) FROM pt_entity x UNION ALL SELECT to_jsonb(x) FROM pt_edge x) e (e)'),
	$before, 'nothing was written, nothing is lost');
is(value("BEGIN; SELECT pt_insert_edge('s', 't'); SAVEPOINT s"), 't', 'in a transaction with a savepoint');
refused("SELECT pt_insert_edge('s', noise(4000, 's'))", '54000', $too_long, 'after a savepoint');
is(value("ROLLBACK TO s; SELECT pt_insert_edge('s', 'u'); COMMIT; SELECT string_agg(to_key, ',' ORDER BY to_key) FROM pt_callees('s')") =~ s/.*\n//sr, 't,u', 'the transaction goes on');
is(value("SELECT assert_walks('pt_edge', ARRAY[key(1, $edge), 's'])"), '24', 'walks of the session are right');
pt_clean($node, 'beyond the limit', 'pt_edge_adjacency');
# Questions may be longer than any key: there is no such node.
refused("SELECT * FROM pt_blast_radius(noise(1000000, 'q'))", '42704', qr/.{1,300}/, 'a question for a key of a megabyte');
is(value("SELECT count(*) FROM pt_blast_radius(noise(1000000, 'q'), missing_ok => true)"), '0', 'or no row');
refused("SELECT * FROM pt_search(noise(1000000, 'q'))", '22023', qr/query has 1000000 characters, more than 10000/, 'a search for one');
is(value("SELECT pt_delete_entity(noise(1000000, 'q'), true)"), 'f', 'deleting one');

# ---- keys that compress ----

# A btree compresses what it is given, so these may be longer.
is(value("SELECT bool_and(pt_insert_edge(repeat('long/', i * 500), repeat('long/', i * 500 + 500))) FROM generate_series(1, 9) i"), 't', 'edges with keys that compress');
is(value("SELECT pt_insert_entity(repeat('long/', 5000), 'file', name => 'packed')"), 't', 'an entity');
is(value("SELECT max(octet_length(key)), count(*) FROM pt_blast_radius(repeat('long/', 500), NULL, 'out')"), '25000|9', 'are walked');
is(value("SELECT octet_length(key) FROM pt_search('packed')"), '25000', 'and found');
pt_walks_agree($node, 'keys that compress', 'pt_edge', "ARRAY[repeat('long/', 500), repeat('long/', 2500)]");

# ---- import and export ----

# Rejected are exactly those that have more than docs/importing.md says.
my ($limit) = slurp_file("$FindBin::RealBin/../../docs/importing.md") =~ /^- Keys of more than ([\d,]+) bytes, or edges whose keys and type have more together, are rejected/m;
$limit =~ s/,//;
my $document = <<"SQL";
SELECT jsonb_build_object('entities', jsonb_build_array(
		jsonb_build_object('key', 'a'), jsonb_build_object('key', key(201, $limit)), jsonb_build_object('key', key(202, $limit + 1)),
		jsonb_build_object('key', key(203, $entity)), jsonb_build_object('key', key(204, 1000000)), jsonb_build_object('key', repeat('long/', 1000)), jsonb_build_object('key', 'z')),
	'edges', jsonb_build_array(
		jsonb_build_object('from_key', 'a', 'to_key', 'z'),
		jsonb_build_object('from_key', key(201, $limit - 1305), 'to_key', key(202, 1300), 'edge_type', 'Calls'),
		jsonb_build_object('from_key', key(201, $limit - 1304), 'to_key', key(202, 1300), 'edge_type', 'Calls'),
		jsonb_build_object('from_key', 'a', 'to_key', 'b', 'edge_type', key(1, $limit - 2)),
		jsonb_build_object('from_key', 'a', 'to_key', 'b', 'edge_type', key(1, $limit - 1)),
		jsonb_build_object('from_key', 'z', 'to_key', 'a')))
SQL
my $rejections = join "\n", map { "$_|more than $limit" } 'edges[2]', 'edges[4]', map { "entities[$_]" } 2 .. 5;
$session->query_safe("SELECT pt_create_codebase('imported'), pt_create_codebase('loaded')");
my $counts = 'entities_inserted, entities_rejected, edges_inserted, edges_rejected';
is(value("SELECT $counts FROM pt_import(($document), graph => 'imported.pt_edge')"), '3|4|4|2', 'pt_import takes what is within the limit');
is(value("SELECT position, substring(reason FROM 'more than $limit\$') FROM pt_import_rejection ORDER BY position COLLATE \"C\""), $rejections, 'and lists the rest with the limit');
is(value('SELECT bool_and(octet_length(content) BETWEEN 900 AND 1100) FROM pt_import_rejection'), 't', 'with the beginning of each');
{
	my ($out, $err) = ('', '');
	my $input = $node->safe_psql('postgres', $document);
	local %ENV = $node->_get_env();
	$node->safe_psql('postgres', 'TRUNCATE pt_import_rejection');
	IPC::Run::run([ $^X, "$FindBin::RealBin/../../tools/pt-import", '-d', 'postgres', '--graph', 'loaded.pt_edge', '-' ], '<', \$input, '>', \$out, '2>', \$err);
	is($?, 0, 'tools/pt-import') or diag $err;
	is(value("SELECT position, substring(reason FROM 'more than $limit\$') FROM pt_import_rejection ORDER BY position COLLATE \"C\""), $rejections, 'which lists the same');
}
is(value("SELECT count(*) FROM pt_diff('imported.pt_edge', 'loaded.pt_edge')"), '0', 'and imports the same');
pt_clean($node, 'imported', 'imported.pt_edge_adjacency', 'loaded.pt_edge_adjacency');
is(value("SELECT count(*) FROM pt_callers(key(202, 1300), graph => 'imported.pt_edge') WHERE from_key = key(201, $limit - 1305)"), '1', 'walks of what was imported');

# Out and in again: what is within the limit comes back, the rest is listed.
$session->query_safe("SELECT pt_create_codebase('again'); TRUNCATE pt_import_rejection");
my $counted = value("SELECT $counts FROM pt_import(pt_export(), graph => 'again.pt_edge')");
is($counted, value("SELECT (SELECT count(*) FROM pt_entity WHERE octet_length(key) <= $limit), (SELECT count(*) FROM pt_entity WHERE octet_length(key) > $limit), "
		. "(SELECT count(*) FROM pt_edge WHERE octet_length(from_key || to_key || edge_type) <= $limit), (SELECT count(*) FROM pt_edge WHERE octet_length(from_key || to_key || edge_type) > $limit)"),
	'pt_export has all keys, of which pt_import takes those within its limit');
is(value("SELECT count(*) FROM (SELECT from_key, to_key, edge_type FROM pt_edge WHERE octet_length(from_key || to_key || edge_type) <= $limit EXCEPT SELECT from_key, to_key, edge_type FROM again.pt_edge) x"), '0', 'byte for byte');

# ---- references ----

# A guess whose keys and type have as much as an edge may have; one byte more,
# and the reference stays unresolved while others are.
$session->query_safe("SELECT pt_create_codebase('refs'); SET parseltongue.graph = 'refs.pt_edge'");
foreach my $case ([ 'at', 0, 1 ], [ 'over', 1, 0 ])
{
	my ($name, $more, $guesses) = @$case;
	# The type of a guess, "Calls (resolved)", counts, too.
	my $bytes = $limit + $more - 16;
	$session->query_safe(<<"SQL");
SELECT pt_insert_entity(k, 'function', name => '$name', language => 'c', file_path => '$name.c'), pt_insert_edge(key(1, $bytes - octet_length(k)), 'c:fn:$name:unknown:0-0')
FROM (SELECT 'c:fn:$name:' || noise(1200, '$name') || '.c:1-2') x (k)
SQL
	is(value("SELECT octet_length(e.key) + octet_length(r.from_key) FROM refs.pt_entity e, refs.pt_edge r WHERE e.name = '$name' AND r.to_key LIKE 'c:fn:$name:unknown%'"), $bytes, "$name the limit: the guess that would be made");
	value('SELECT guesses_inserted FROM pt_resolve_references()');
	is(value("SELECT count(*) FROM refs.pt_edge WHERE confidence IS NOT NULL AND to_key LIKE 'c:fn:$name:%'"), $guesses, "$name the limit: guesses");
}
is(value("SELECT count(*) FROM pt_blast_radius((SELECT key FROM refs.pt_entity WHERE name = 'at'), min_confidence => 0)"), '1', 'the guess is walked');
$session->query_safe('RESET parseltongue.graph');
pt_clean($node, 'references', 'refs.pt_edge_adjacency');

# ---- a megabyte ----

# Without a btree there is no limit but that of a value: keys of a megabyte, of
# which some compress and some do not, in a ring with chords.
$session->query_safe(<<'SQL');
CREATE TABLE huge (a text NOT NULL, b text NOT NULL, t text);
CREATE TABLE huge_key AS SELECT i, CASE WHEN i % 3 = 0 THEN repeat(i || ' ', 1000000 / (length(i || ' '))) ELSE noise(1000000 + i, 'huge' || i) END AS key FROM generate_series(1, 8) i;
INSERT INTO huge SELECT x.key, y.key, 'ring' FROM huge_key x JOIN huge_key y ON y.i = x.i % 8 + 1;
CREATE INDEX huge_adj ON huge USING adjacency (a, b, t);
INSERT INTO huge SELECT x.key, y.key, noise(1000000, 'label') FROM huge_key x JOIN huge_key y ON y.i = x.i * 5 % 8 + 1;
INSERT INTO huge SELECT key, 'small', 't' FROM huge_key WHERE i = 3;
INSERT INTO huge SELECT noise(1000000, 'pair') || i, noise(1000000, 'pair') || i + 1, 'pair' FROM generate_series(1, 4) i;
ANALYZE huge;
SQL
my $starts = "(SELECT array_agg(key) FROM huge_key WHERE i = 3)";
sub huge_right
{
	my ($what) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	is(value("SELECT assert_walks('huge', $starts)"), '12', "$what: walks equal the recursive query");
	pt_clean($node, $what, 'huge_adj');
	return;
}
huge_right('a megabyte');
is(value('SELECT count(*), sum(octet_length(key)) = (SELECT sum(octet_length(key)) + 5 FROM huge_key WHERE i <> 2) FROM pt_blast_radius((SELECT key FROM huge_key WHERE i = 2), NULL, $$out$$, graph => $$huge$$)'), '8|t', 'all of each key');
is(value('SELECT count(*) FROM pt_bfs($$huge$$, (SELECT key FROM huge_key WHERE i = 1), edge_types => ARRAY[noise(1000000, $$label$$)]) JOIN huge_key ON key = node'), value(<<'SQL'), 'a label of a megabyte');
WITH RECURSIVE r (key) AS (SELECT key FROM huge_key WHERE i = 1 UNION SELECT b FROM r JOIN huge ON a = r.key WHERE length(t) = 1000000) SELECT count(*) FROM r
SQL
is(value('SELECT string_agg(right(key, 1), $$$$ ORDER BY distance) FROM pt_blast_radius(noise(1000000, $$pair$$) || 3, NULL, $$out$$, graph => $$huge$$)'), '45', 'keys alike but for the last byte');
is(value('SELECT count(*), bool_and(p.from_key = x.key) FROM pt_path((SELECT key FROM huge_key WHERE i = 1), (SELECT key FROM huge_key WHERE i = 4), edge_types => $${ring}$$, graph => $$huge$$) p JOIN huge_key x ON x.i = p.step'), '3|t', 'pt_path');
is(value('SELECT count(*), count(DISTINCT from_key) FROM pt_subgraph((SELECT key FROM huge_key WHERE i = 1), NULL, graph => $$huge$$)'), '17|8', 'pt_subgraph');
is(value('SELECT octet_length(pt_to_dot(a, b)) > 8000000 FROM huge'), 't', 'pt_to_dot');
is(value('SELECT count(*) FROM pt_tree((SELECT key FROM huge_key WHERE i = 1), 2, $$out$$, graph => $$huge$$)') > 3, 1, 'pt_tree');
$session->query_safe('DELETE FROM huge USING huge_key WHERE a = key AND i = 5; VACUUM huge; UPDATE huge SET t = $$x$$ WHERE b = (SELECT key FROM huge_key WHERE i = 7)');
huge_right('a megabyte, after DELETE, VACUUM and UPDATE');
$session->query_safe('REINDEX INDEX huge_adj');
huge_right('a megabyte, after REINDEX');
$node->stop('immediate');
$node->start;
eval { $session->quit };
$session = $node->background_psql('postgres', on_error_stop => 0);
huge_right('a megabyte, after a crash');
$session->quit;
unlike(slurp_file($node->logfile), qr/PANIC|TRAP|XX\d\d\d/, 'nothing in the log');
$node->stop;
done_testing();
