# pg_upgrade carries files of tables and indexes over as they are, into catalogs
# made anew, and what was deleted and not vacuumed as well. Every answer is the
# one of before, and the server goes on from there; by copying, linking and,
# where there is such a mode, swapping.
#
# The old server is the one whose programs are in the folder PT_OLD_BINDIR. It
# needs this tree's library and scripts, built for it: ./run check sees to that
# with a copy of the installation; by hand it is
#
#     make clean && make PG_CONFIG=$PT_OLD_BINDIR/pg_config with_llvm=no install
#
# Without that variable both are the installation under test: all is as it would
# be but the format of the catalogs.
use strict;
use warnings;
use File::Basename;
use FindBin;
use lib $FindBin::RealBin;
use PtTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::RecursiveCopy;
use PostgreSQL::Test::Utils;
use Test::More;

my $old_bindir = $ENV{PT_OLD_BINDIR};
chomp(my $new_bindir = `pg_config --bindir`);
if ($old_bindir)
{
	chomp(my $library = `'$old_bindir/pg_config' --pkglibdir`);
	$library .= '/parseltongue.so';
	-f $library or die "PT_OLD_BINDIR is set, but there is no $library";
	note 'from ' . `'$old_bindir/pg_config' --version`;
}
else
{
	note 'PT_OLD_BINDIR is not set: from this version to itself';
}

my $conf = <<'CONF';
shared_preload_libraries = 'parseltongue'
autovacuum = off
jit = off
max_wal_size = 1GB
CONF
my @initdb = (extra => ['--data-checksums']);

# ---- the old server ----

my $old = PostgreSQL::Test::Cluster->new('old', $old_bindir ? (install_path => dirname($old_bindir)) : ());
$old->init(@initdb);
$old->append_conf('postgresql.conf', $conf);
$old->start;

# This version: an older one would answer no walk before its update, for which
# 170_upgrade.pl is the test.
my ($version) = slurp_file("$FindBin::RealBin/../../parseltongue.control") =~ /^default_version = '(.*)'/m;
note "extension $version";
$old->safe_psql('postgres', "CREATE EXTENSION parseltongue VERSION '$version';\n" . pt_oracle());
$old->safe_psql('postgres', 'CREATE DATABASE second');
$old->safe_psql('second', "CREATE SCHEMA \"Graph Tools\"; CREATE EXTENSION parseltongue SCHEMA \"Graph Tools\" VERSION '$version'");

# A graph for each type of key: rings with chords, of which some edges were
# deleted and vacuumed away, some deleted only, some rolled back.
my %key = (
	smallint => '(i)::smallint', integer => 'i', bigint => '(i)::bigint * 3000000000',
	text => "('text ' || i || repeat('.', (i % 300)::int))", varchar => "('varchar ' || i)", uuid => 'md5((i)::text)::uuid');
my @types = sort keys %key;
foreach my $type (@types)
{
	my ($a, $b) = ($key{$type}, $key{$type} =~ s/\bi\b/((i + j) % 900)/gr);
	$old->safe_psql('postgres', <<"SQL");
CREATE TABLE g_$type (gone int, a $type NOT NULL, b $type NOT NULL, t text, confidence numeric(3,2));
ALTER TABLE g_$type DROP COLUMN gone;
CREATE INDEX g_${type}_adj ON g_$type USING adjacency (a, b, t, confidence);
INSERT INTO g_$type SELECT $a, $b, 'edge' || j, CASE WHEN i % 3 = 0 THEN 0.7 END FROM generate_series(0, 899) i, unnest('{1,30}'::int[]) j;
DELETE FROM g_$type WHERE a IN (SELECT $a FROM generate_series(0, 899, 10) i);
VACUUM g_$type;
INSERT INTO g_$type SELECT $a, $b, 'later', NULL FROM generate_series(5, 899, 20) i, unnest('{17}'::int[]) j;
BEGIN;
INSERT INTO g_$type SELECT $a, $b, 'rolled back', NULL FROM generate_series(0, 899) i, unnest('{3,450}'::int[]) j;
ROLLBACK;
DELETE FROM g_$type WHERE a IN (SELECT $a FROM generate_series(3, 899, 13) i);
UPDATE g_$type SET b = a WHERE a IN (SELECT $a FROM generate_series(4, 899, 100) i) AND t = 'edge30';
SQL
}
$old->safe_psql('postgres', $_) foreach 'REINDEX INDEX g_bigint_adj', 'REINDEX INDEX CONCURRENTLY g_uuid_adj', 'VACUUM FULL g_varchar',
  'DELETE FROM g_integer WHERE a % 4 < 3', 'VACUUM g_integer', 'DELETE FROM g_integer WHERE a % 8 = 3';
$old->safe_psql('postgres', <<'SQL');
CREATE UNLOGGED TABLE unlogged (a int, b int);
CREATE INDEX unlogged_adj ON unlogged USING adjacency (a, b);
INSERT INTO unlogged SELECT i, i + 1 FROM generate_series(1, 300) i;
CREATE TABLE empty (a int, b int);
CREATE INDEX empty_adj ON empty USING adjacency (a, b);
SELECT pt_insert_entity('rust:fn:load:./src/io.rs:3-20', 'function', name => 'load', language => 'rust', file_path => './src/io.rs', properties => '{"x": [1, null]}'),
	pt_insert_entity('rust:fn:run:./src/main.rs:1-9', 'function', name => 'run', language => 'rust', file_path => './src/main.rs');
SELECT pt_insert_edge('rust:fn:run:./src/main.rs:1-9', 'rust:fn:load:unknown:0-0'), pt_insert_edge('a', 'b'), pt_insert_edge('b', 'c'), pt_insert_edge('c', 'gone');
INSERT INTO pt_edge (from_key, to_key, edge_type, confidence, method) VALUES ('c', 'd', 'Calls (guessed)', 0.4, 'by hand');
DELETE FROM pt_edge WHERE to_key = 'gone';
SELECT resolved FROM pt_resolve_references();
SELECT pt_create_codebase('Other one');
SELECT pt_insert_edge('k' || i, 'k' || i + 1, graph => '"Other one".pt_edge') FROM generate_series(1, 400) i;
DELETE FROM "Other one".pt_edge WHERE from_key = 'k200';
SELECT import_id FROM pt_import('[{"key": "imported", "entity_type": "function"}, {"key": 5}]');
SQL
$old->safe_psql('second', <<'SQL');
SET search_path = "Graph Tools", public;
CREATE TABLE g (a int, b int);
CREATE INDEX g_adj ON g USING adjacency (a, b);
INSERT INTO g SELECT i, i + 1 FROM generate_series(1, 700) i;
DELETE FROM g WHERE a = 500;
SELECT pt_insert_edge('x', 'y');
SQL

# ---- what is asked ----

my @indexes = ((map { "g_${_}_adj" } @types), 'unlogged_adj', 'empty_adj', 'pt_edge_adjacency', '"Other one".pt_edge_adjacency');
my $answers = join "\nUNION ALL ", (map {
		my $start = $key{$_} =~ s/\bi\b/7/gr;
		"SELECT '$_', node::text, distance::text, NULL FROM pt_bfs('g_$_', $start, direction => 'both', min_confidence => 0.5)"
		. "\nUNION ALL SELECT '$_ facts', node::text, distance::text, NULL FROM pt_bfs('g_$_', $start, edge_types => '{edge1,later}')"
	} @types),
	"SELECT 'unlogged', node::text, distance::text, NULL FROM pt_bfs('unlogged', 1)",
	"SELECT 'blast', key, distance::text, NULL FROM pt_blast_radius('rust:fn:load:./src/io.rs:3-20', min_confidence => 0.1)",
	"SELECT 'edges', from_key, to_key, concat(edge_type, source_location) FROM pt_subgraph('a', NULL, min_confidence => 0.1)",
	"SELECT 'other', key, distance::text, NULL FROM pt_blast_radius('k150', NULL, 'both', graph => '\"Other one\".pt_edge')",
	"SELECT 'entity', key, entity_type, properties::text FROM pt_entity",
	"SELECT 'edge', from_key, to_key, concat_ws(',', edge_type, confidence, method, reference_key) FROM pt_edge",
	"SELECT 'rejection', position, reason, content FROM pt_import_rejection";
$answers = "SELECT * FROM ($answers) x (what, a, b, c) ORDER BY what COLLATE \"C\", a COLLATE \"C\", b COLLATE \"C\", c COLLATE \"C\"";
my $second = 'SELECT count(*), max(node) FROM "Graph Tools".pt_bfs($$"Graph Tools".g$$, 1) UNION ALL SELECT count(*), 0 FROM "Graph Tools".pt_callers($$y$$)';

# Answers as expected; walks equal to recursive SQL; index and table agree.
sub all_right
{
	my ($node, $what, $expected) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	is($node->safe_psql('postgres', $answers), $expected, "$what: the same answers") if defined $expected;
	foreach my $type (@types)
	{
		my $starts = join ', ', map { '(' . ($key{$type} =~ s/\bi\b/$_/gr) . ')::text' } 7, 44, 450;
		my ($rc, $out, $err) = $node->psql('postgres', "SELECT assert_walks('g_facts_$type', ARRAY[$starts]) > 0");
		is("$rc|$out|$err", '0|t|', "$what: walks by $type equal the recursive query");
	}
	pt_clean($node, $what, @indexes, map { "g_facts_${_}_adj" } @types);
	return;
}

# The oracle follows all edges, so give it graphs of facts.
foreach my $type (@types)
{
	$old->safe_psql('postgres', <<"SQL");
CREATE TABLE g_facts_$type AS SELECT a, b, t FROM g_$type WHERE confidence IS NULL;
CREATE INDEX g_facts_${type}_adj ON g_facts_$type USING adjacency (a, b, t);
DELETE FROM g_facts_$type WHERE a IN (SELECT $key{$type} FROM generate_series(1, 899, 11) i);
ANALYZE g_facts_$type;
SQL
}
my $expected = $old->safe_psql('postgres', $answers);
my $expected_second = $old->safe_psql('second', $second);
like($expected, qr/^\Q$_\E\|/m, "there are answers about $_") foreach @types, 'unlogged', 'blast', 'edges', 'other', 'rejection';
is($expected_second, "500|500\n1|0", 'and in the other database');
all_right($old, 'before', $expected);

# What an index has drawn when it was built is in its metapage, as the stopped
# server has written it.
sub paths
{
	my ($node) = @_;
	return map { $node->safe_psql('postgres', "SELECT pg_relation_filepath('$_')") } @indexes;
}

sub incarnations
{
	my ($node, @paths) = @_;
	my @found;
	foreach my $path (@paths)
	{
		open my $fh, '<:raw', $node->data_dir . "/$path" or die "could not open $path: $!";
		sysread($fh, my $page, 64) == 64 or die "$path is too short";
		push @found, unpack('H*', substr($page, 32, 16));
	}
	return "@found";
}
my @paths = paths($old);
# Some minor releases keep an option of their own with columns, which pg_upgrade
# carries over and later majors do not know. It says nothing of ours.
foreach my $database ($old_bindir ? split /\n/, $old->safe_psql('postgres', 'SELECT datname FROM pg_database WHERE datallowconn') : ())
{
	$old->safe_psql($database, q{SET allow_system_table_mods = on;
		UPDATE pg_attribute SET attoptions = (SELECT array_agg(o) FROM unnest(attoptions) AS o WHERE o NOT LIKE 'pg_attver=%')
		WHERE EXISTS (SELECT FROM unnest(attoptions) AS o WHERE o LIKE 'pg_attver=%')});
}
$old->stop;
my $incarnations = incarnations($old, @paths);
unlike($incarnations, qr/\b0+\b/, 'each index has an incarnation');

# ---- the upgrades ----

my @modes = ([ 'copy' ], [ 'link', '--link' ]);
push @modes, [ 'swap', '--swap' ] if `pg_upgrade --help` =~ /--swap/;
chdir $PostgreSQL::Test::Utils::tmp_check or die $!;

foreach my $mode (@modes)
{
	my ($name, @options) = @$mode;
	my $data = $old->data_dir . "_$name";
	PostgreSQL::Test::RecursiveCopy::copypath($old->data_dir, $data);
	chmod 0700, $data or die $!;

	my $new = PostgreSQL::Test::Cluster->new("new_$name");
	$new->init(@initdb);
	$new->append_conf('postgresql.conf', $conf);
	$new->command_ok([ 'pg_upgrade', '--no-sync', @options, '-d', $data, '-D', $new->data_dir,
			'-b', $old_bindir || $new_bindir, '-B', $new_bindir, '-s', $new->host, '-p', $old->port, '-P', $new->port ],
		"$name: pg_upgrade")
	  or diag map { substr(slurp_file($_), -2000) } glob($new->data_dir . '/pg_upgrade_output.d/*/log/pg_upgrade_dump_*.log');
	$new->start;
	is(incarnations($new, paths($new)), $incarnations, "$name: each index is the one it was");
	is($new->safe_psql('postgres', "SELECT extversion FROM pg_extension WHERE extname = 'parseltongue'"), $version, "$name: the extension's version stays");
	my $session = $new->background_psql('postgres');
	is($session->query_safe($answers), $expected, "$name: the same answers in a session");
	is($new->safe_psql('postgres', "SELECT string_agg(DISTINCT image_place, ' ') FROM unnest('{g_integer,g_text,pt_edge}'::text[]) g, pt_graph_status(g::regclass)"),
		'shared', "$name: from shared images");
	all_right($new, $name, $expected);
	is($new->safe_psql('second', $second), $expected_second, "$name: and in the other database");

	# Images that were made before the extension's update serve after it.
	$new->safe_psql($_, 'ALTER EXTENSION parseltongue UPDATE') foreach 'postgres', 'second';
	is($session->query_safe($answers), $expected, "$name: the same answers after ALTER EXTENSION UPDATE");
	all_right($new, "$name, updated", $expected);
	is($new->safe_psql('second', $second), $expected_second, "$name, updated: and in the other database");

	# From here on: what was deleted before goes, other edges take the places.
	$new->safe_psql('postgres', 'VACUUM (INDEX_CLEANUP ON)');
	is($session->query_safe($answers), $expected, "$name: after VACUUM");
	foreach my $type (@types)
	{
		my ($a, $b) = ($key{$type}, $key{$type} =~ s/\bi\b/(i + 1)/gr);
		$new->safe_psql('postgres', "INSERT INTO g_facts_$type SELECT $a, $b, 'new' FROM generate_series(1000, 1300) i; DELETE FROM g_facts_$type WHERE a IN (SELECT $a FROM generate_series(0, 899, 17) i); INSERT INTO g_$type SELECT $a, $b, 'new' FROM generate_series(1000, 1300) i");
	}
	$new->safe_psql('postgres', "SELECT pt_insert_edge('new', 'a'), pt_insert_edge('new', 'rust:fn:load:unknown:0-0'); SELECT pt_resolve_references(); INSERT INTO unlogged VALUES (301, 302)");
	is($new->safe_psql('postgres', "SELECT max(distance) FROM pt_blast_radius('c', NULL)"), '3', "$name: new edges are walked");
	is($new->safe_psql('postgres', "SELECT max(node) FROM pt_bfs('unlogged', 1)"), '302', "$name: of the unlogged graph, too");
	all_right($new, "$name, written to");
	is($session->query_safe("SELECT assert_walks('g_facts_text', ARRAY[('text 7' || repeat('.', 7))]) > 0"), 't', "$name, written to: the session from before");
	$session->quit;
	$new->safe_psql('postgres', 'REINDEX DATABASE postgres; CHECKPOINT; INSERT INTO g_facts_integer VALUES (7, 2000, NULL)');
	$new->stop('immediate');
	$new->start;
	is($new->safe_psql('postgres', "SELECT count(*) FROM pt_bfs('unlogged', 1, missing_ok => true) WHERE distance > 0"), '0', "$name: after a crash the unlogged graph is empty");
	all_right($new, "$name, after a crash");
	unlike(slurp_file($new->logfile), qr/PANIC|TRAP|XX\d\d\d/, "$name: nothing in the log");
	$new->stop;
}

# Copying has left the old server alone.
$old->start;
all_right($old, 'the old server afterwards', $expected);
$old->stop;

done_testing();
