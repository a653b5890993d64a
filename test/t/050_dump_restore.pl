# pg_dump and pg_restore carry the extension's tables with their rows and user
# tables with their indexes; a copied database has a graph of its own.
use strict;
use warnings;
use FindBin;
use lib $FindBin::RealBin;
use PtTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = pt_node('dump', preload => 1);
my $dir = $node->basedir;

my $content = <<'SQL';
SELECT pt_insert_entity('k1', 'function', name => 'one', properties => '{"x": [1, 2]}');
SELECT pt_insert_entity('it''s "quoted" \ ::<T>', 'struct');
SELECT pt_insert_edge('k1', 'k2', 'Calls', 'a.c:1');
SELECT pt_insert_edge('k2', 'it''s "quoted" \ ::<T>', 'Uses');
SELECT pt_insert_edge('k3', 'k2');
CREATE SCHEMA app;
CREATE TABLE app.follows (a bigint NOT NULL, b bigint NOT NULL, kind text);
INSERT INTO app.follows SELECT i, i % 50 + 1, 'ring' FROM generate_series(1, 50) i;
INSERT INTO app.follows SELECT i, i + 1, NULL FROM generate_series(100, 150) i;
DELETE FROM app.follows WHERE a = 149;
CREATE INDEX follows_adj ON app.follows USING adjacency (a, b, kind);
CREATE TABLE app.uu (x uuid, y uuid);
INSERT INTO app.uu SELECT md5(i::text)::uuid, md5((i + 1)::text)::uuid FROM generate_series(1, 9) i;
CREATE INDEX uu_adj ON app.uu USING adjacency (x, y);
SQL
my $answer = <<'SQL';
SELECT 'blast', key, distance::text FROM pt_blast_radius('it''s "quoted" \ ::<T>')
UNION ALL SELECT 'edge', from_key || '>' || to_key, coalesce(source_location, '-') FROM pt_callers('k2')
UNION ALL SELECT 'entity', key, entity_type || properties::text || coalesce(name, '') FROM pt_entity
UNION ALL SELECT 'follows', node::text, distance::text FROM pt_multi_source_bfs('app.follows', '{1,100}'::bigint[], edge_types => '{ring}', missing_ok => true)
UNION ALL SELECT 'follows all', count(*)::text, max(distance)::text FROM pt_bfs('app.follows', 100::bigint)
UNION ALL SELECT 'uuid', count(*)::text, max(distance)::text FROM pt_bfs('app.uu', md5('1')::uuid)
ORDER BY 1, 2, 3
SQL
$node->safe_psql('postgres', $content);
my $expect = $node->safe_psql('postgres', $answer);
like($expect, qr/^blast\|k1\|2$/m, 'the graph that is dumped');
like($expect, qr/^uuid\|10\|9$/m, 'and its uuids');

sub restored
{
	my ($db, $what, $path) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	my $set = $path ? "SET search_path = $path;\n" : '';
	is($node->safe_psql($db, $set . $answer), $expect, "$what: same answers");
	is( $node->safe_psql($db, $set . "SELECT count(*) FROM unnest('{pt_edge_adjacency,app.follows_adj,app.uu_adj}'::regclass[]) i, pt_check_index(i)"),
		'0', "$what: indexes and tables agree");
	is( $node->safe_psql($db, $set . "SELECT pt_insert_edge('late', 'k1'); SELECT count(*) FROM pt_blast_radius('k2')"),
		"t\n3", "$what: and it can be written to");
	return;
}

# Plain and custom format, one database each.
$node->command_ok([ 'pg_dump', '-f', "$dir/plain.sql", 'postgres' ], 'pg_dump, plain');
my $plain = slurp_file("$dir/plain.sql");
like($plain, qr/CREATE EXTENSION IF NOT EXISTS parseltongue/, 'the dump creates the extension');
unlike($plain, qr/CREATE TABLE public\.pt_edge/, 'which brings its own tables');
like($plain, qr/COPY public\.pt_edge/, 'whose rows are dumped');
like($plain, qr/CREATE INDEX follows_adj ON app\.follows USING adjacency/, 'and so are user indexes');
$node->safe_psql('postgres', 'CREATE DATABASE plain');
$node->command_ok([ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', 'plain', '-f', "$dir/plain.sql" ], 'restore, plain');
restored('plain', 'plain');

foreach my $jobs (1, 2)
{
	my $db = "custom$jobs";
	$node->command_ok([ 'pg_dump', '-Fc', '-f', "$dir/$db.dump", 'postgres' ], "pg_dump, $db");
	$node->safe_psql('postgres', "CREATE DATABASE $db");
	$node->command_ok([ 'pg_restore', '-e', '-j', $jobs, '-d', $db, "$dir/$db.dump" ], "restore, $db");
	restored($db, $db);
}

# The extension in a schema of its own.
$node->safe_psql('postgres', 'CREATE DATABASE other');
$node->safe_psql('other', "CREATE SCHEMA \"Graph Tools\"; CREATE EXTENSION parseltongue SCHEMA \"Graph Tools\"; SET search_path = \"Graph Tools\", public; $content");
is($node->safe_psql('other', "SELECT count(*) FROM \"Graph Tools\".pt_blast_radius('k2')"), '2', 'no search_path is needed');
$node->command_ok([ 'pg_dump', '-Fc', '-f', "$dir/other.dump", 'other' ], 'pg_dump, other schema');
$node->safe_psql('postgres', 'CREATE DATABASE other2');
$node->command_ok([ 'pg_restore', '-e', '-d', 'other2', "$dir/other.dump" ], 'restore, other schema');
restored('other2', 'other schema', '"Graph Tools", public');

# A copied database has the same relfilenumbers (and the same incarnation in its
# index), and from then on a history of its own.
$node->safe_psql('postgres', 'CREATE DATABASE source');
$node->command_ok([ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', 'source', '-f', "$dir/plain.sql" ], 'the source of copies');
is($node->safe_psql('source', "SELECT count(*) FROM pt_bfs('app.follows', 1)"), '50', 'an image of the source is in memory');
foreach my $strategy ('wal_log', 'file_copy')
{
	$node->safe_psql('postgres', "CREATE DATABASE copy_$strategy TEMPLATE source STRATEGY $strategy");
	is($node->safe_psql("copy_$strategy", "DELETE FROM app.follows WHERE a = 10; SELECT count(*) FROM pt_bfs('app.follows', 1)"), '10', "$strategy: the copy's change is seen in the copy");
	is($node->safe_psql("copy_$strategy", "VACUUM app.follows; INSERT INTO app.follows VALUES (10, 700); SELECT count(*) FROM pt_bfs('app.follows', 1)") =~ s/.*\n//sr, '11', "$strategy: also after VACUUM");
	is($node->safe_psql('source', "SELECT count(*) FROM pt_bfs('app.follows', 1)"), '50', "$strategy: the source keeps its graph");
	is($node->safe_psql("copy_$strategy", "SELECT count(*) FROM pt_check_index('app.follows_adj')"), '0', "$strategy: index and table agree");
}

# Both go on from the same log and write different things to it, enough to have
# their images merged: one's image must not pass for the other's.
$node->safe_psql('source', "INSERT INTO app.follows SELECT i, i + 1 FROM generate_series(1000, 41000) i; SELECT count(*) FROM pt_bfs('app.follows', 1000)");
is($node->safe_psql('source', "SELECT count(*) FROM pt_bfs('app.follows', 1000)"), '40002', 'the source grows');
$node->safe_psql('copy_file_copy', "INSERT INTO app.follows SELECT i, i + 3 FROM generate_series(1000, 41000) i");
is($node->safe_psql('copy_file_copy', "SELECT count(*), max(node) FROM pt_bfs('app.follows', 1000)"), '13335|41002', 'the copy grows otherwise');
is($node->safe_psql('source', "SELECT count(*) FROM pt_bfs('app.follows', 1000)"), '40002', 'which the source does not notice');

# A database dropped and made again under the same name and content.
$node->safe_psql('postgres', 'DROP DATABASE copy_wal_log');
$node->safe_psql('postgres', 'CREATE DATABASE copy_wal_log TEMPLATE source');
is($node->safe_psql('copy_wal_log', "SELECT count(*) FROM pt_bfs('app.follows', 1)"), '50', 'dropped and copied again');

# Tablespaces: the index moves, the table moves, then the database.
my $ts = PostgreSQL::Test::Utils::tempdir_short();
$node->safe_psql('postgres', "CREATE TABLESPACE elsewhere LOCATION '$ts'");
is($node->safe_psql('source', "$_; SELECT count(*) FROM pt_bfs('app.follows', 1)"), '50', $_)
  foreach ('ALTER INDEX app.follows_adj SET TABLESPACE elsewhere', 'ALTER TABLE app.follows SET TABLESPACE elsewhere', 'ALTER INDEX app.follows_adj SET TABLESPACE pg_default');
$node->safe_psql('postgres', 'ALTER DATABASE plain SET TABLESPACE elsewhere');
is($node->safe_psql('plain', "SELECT count(*) FROM pt_bfs('app.follows', 1)"), '50', 'ALTER DATABASE SET TABLESPACE');

$node->stop;
done_testing();
