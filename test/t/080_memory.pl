# The memory settings: images beyond the shared budget go local, beyond the
# local one are an error with a hint, never a crash; evicted and dropped graphs
# give their memory back.
use strict;
use warnings;
use FindBin;
use lib $FindBin::RealBin;
use PtTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $fill = <<'SQL';
CREATE TABLE big (a int NOT NULL, b int NOT NULL);
INSERT INTO big SELECT i, i % 60000 + 1 FROM generate_series(1, 60000) i;
INSERT INTO big SELECT i, (i * 7919) % 60000 + 1 FROM generate_series(1, 60000) i;
CREATE INDEX big_adj ON big USING adjacency (a, b);
CREATE TABLE small (a int, b int);
INSERT INTO small VALUES (1, 2), (2, 3);
CREATE INDEX small_adj ON small USING adjacency (a, b);
SQL
my $big = "SELECT count(*) FROM pt_bfs('big', 1)";

# Local only (on 17 and later sharing needs no preload; a budget of 0 ends it).
my $node = pt_node('local', conf => "autovacuum = off\nparseltongue.shared_image_memory = 0\n");
$node->safe_psql('postgres', $fill);
my $session = $node->background_psql('postgres', on_error_stop => 0);
$session->query_safe('LOAD \'parseltongue\'');
$session->query_safe('SET parseltongue.local_image_memory = 1024');
foreach my $turn (1, 2)
{
	$session->query("\\set VERBOSITY verbose\n$big");
	like($session->{stderr}, qr/ERROR:  53[24]00: /, "over the local budget, $turn: refused with the right code");
	like($session->{stderr}, qr/HINT: .*parseltongue\.local_image_memory/, "over the local budget, $turn: the hint names the setting");
	$session->{stderr} = '';
}
is($session->query_safe("SELECT count(*) FROM pt_bfs('small', 1)"), '3', 'a small graph still works');
is($session->query_safe("SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid() AND locktype NOT IN ('virtualxid', 'relation')"), '0', 'no lock is left by the error');
$session->query("BEGIN; SAVEPOINT s; $big");
$session->{stderr} = '';
is($session->query_safe("ROLLBACK TO s; SELECT count(*) FROM pt_bfs('small', 1); COMMIT"), '3', 'the error can be caught by a savepoint');
$session->query_safe('SET parseltongue.local_image_memory = 1000000');
is($session->query_safe($big), '60000', 'with a bigger budget the same session answers');
is($session->query_safe("SELECT image_place FROM pt_graph_status('big')"), 'local', 'from a local image');
$session->query_safe('SET parseltongue.local_image_memory = 1024');
my ($out, $failed) = $session->query($big);
ok($failed || $out eq '60000', 'lowering the budget below an image in use: an error or the right answer');
note $failed ? "refused: $session->{stderr}" : 'answered';
$session->{stderr} = '';
$session->query_safe('RESET parseltongue.local_image_memory');
is($session->query_safe($big), '60000', 'and back');

# What is on top of the image counts as well: a graph that grows.
$session->quit;
$session = $node->background_psql('postgres', on_error_stop => 0);
$session->query_safe('LOAD \'parseltongue\'');
$session->query_safe('SET parseltongue.local_image_memory = 8192');
$session->query_safe('CREATE TABLE grow (a int, b int); CREATE INDEX grow_adj ON grow USING adjacency (a, b); INSERT INTO grow VALUES (1, 2)');
($out, $failed) = ('', 0);
my $rounds = 0;
while (!$failed && $rounds++ < 20)
{
	($out, $failed) = $session->query("\\set VERBOSITY verbose\nINSERT INTO grow SELECT i, i + 1 FROM generate_series($rounds * 30000, $rounds * 30000 + 30000) i; SELECT count(*) FROM pt_bfs('grow', $rounds * 30000)");
}
like($session->{stderr}, qr/ERROR:  53[24]00: /, "a growing graph meets the budget as well (round $rounds)");
$session->{stderr} = '';
is($session->query_safe("TRUNCATE grow; INSERT INTO grow VALUES (1, 2); SELECT count(*) FROM pt_bfs('grow', 1)"), '2', 'TRUNCATE makes room');
$session->quit;

# A session that visits many graphs keeps within its budget.
my ($many, undef, $why) = pt_psql_state($node, 'postgres', <<'SQL');
LOAD 'parseltongue';
SET parseltongue.local_image_memory = 8192;
DO $$
BEGIN
	FOR i IN 1..100 LOOP
		EXECUTE format('CREATE TABLE t%s AS SELECT j AS a, j + 1 AS b FROM generate_series(1, 3000) j', i);
		EXECUTE format('CREATE INDEX ON t%s USING adjacency (a, b)', i);
		ASSERT (SELECT count(*) FROM pt_bfs(format('t%s', i), 1)) = 3001;
	END LOOP;
	FOR i IN 1..100 LOOP
		ASSERT (SELECT count(*) FROM pt_bfs(format('t%s', i), 1)) = 3001;
		EXECUTE format('DROP TABLE t%s', i);
	END LOOP;
END $$;
SQL
is($many, '', 'a hundred graphs in one session under a small local budget') or diag $why;
$node->stop;

# No shared memory to be had, be it for the registry of images, which from 17 on
# is made when first needed, or for an image: answers from local ones. A limit on
# the size of files, which dynamic shared memory is made of, stands in for a full
# /dev/shm, in one session at a time.
sub limited_to
{
	my ($bytes) = @_;
	my $limited = $node->background_psql('postgres', on_error_stop => 0);
	my $pid = $limited->query_safe('SELECT pg_backend_pid()');
	system('prlimit', "--pid=$pid", "--fsize=$bytes") == 0
	  or die "could not limit process $pid";
	return $limited;
}

foreach my $preload (0, 1)
{
	my $how = $preload ? 'preloaded' : 'not preloaded';
	my $place = "SELECT image_place FROM pt_graph_status";

	# rows of an answer go to files, too, if they are many
	$node = pt_node("full$preload", preload => $preload, conf => "autovacuum = off\nwork_mem = 64MB\n");
	my $always = $preload || $node->pg_version >= 17 ? 'shared' : 'local';
	$node->safe_psql('postgres', $fill);
	# From 19 on any reader prunes and marks pages, for which the visibility map
	# would have to be made.
	$node->safe_psql('postgres', $_) foreach 'VACUUM big', 'VACUUM small';
	my $limited = limited_to(0);
	foreach my $turn (1, 2)
	{
		is($limited->query($big), '60000', "no shared memory, $how, $turn: answered");
		is($limited->query("$place('big')"), 'local', "no shared memory, $how, $turn: from a local image");
		is($limited->query("BEGIN; SAVEPOINT s; $place('small'); ROLLBACK TO s; $place('small'); COMMIT"), "local\nlocal", "no shared memory, $how, $turn: in subtransactions as well");
	}
	is($limited->query("SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid() AND locktype NOT IN ('virtualxid', 'relation')"), '0', "no shared memory, $how: no lock is left");
	is($limited->{stderr}, '', "no shared memory, $how: not a word");
	is($node->safe_psql('postgres', "$place('big'); $place('small')"), "$always\n$always", "no shared memory, $how: another session has some");
	$limited->quit;

	$node->safe_psql('postgres', 'REINDEX INDEX big_adj');
	$limited = limited_to(1024 * 1024);
	is($limited->query("$place('big'); $place('small')"), "local\n$always", "little shared memory, $how: only a small image is shared");
	is($limited->{stderr}, '', "little shared memory, $how: not a word");
	$limited->quit;
	unlike(pt_log($node), qr/PANIC|TRAP|terminated by signal|WARNING|ERROR/, "little shared memory, $how: nothing in the log");
	$node->stop;
}

# Rows with one end are left out of an image where memory is short, for whatever
# part of building it, and then answers come without them.
foreach my $shared (0, 65536)
{
	my $how = $shared ? 'shared' : 'local';
	my @limits = map { ($shared ? 680 : 1660) + 8 * $_ } 0 .. 31;

	$node = pt_node("ends$shared", preload => 1, conf => "autovacuum = off\nparseltongue.shared_image_memory = $shared\n");
	$node->safe_psql('postgres', <<'SQL');
CREATE TABLE ends (a int, b int);
INSERT INTO ends SELECT i % 1000, i * 7 % 1000 + 1 FROM generate_series(1, 40000) i;
INSERT INTO ends SELECT i % 60, NULL FROM generate_series(1, 1800) i;
INSERT INTO ends SELECT NULL, i % 60 FROM generate_series(1, 1800) i;
CREATE INDEX ends_adj ON ends USING adjacency (a, b);
SQL
	my ($rc, $out, $err) = $node->psql('postgres', join('', map { <<"SQL" } @limits), on_error_stop => 0);
REINDEX INDEX ends_adj;
SET parseltongue.local_image_memory = $_;
SET enable_seqscan = off;
SELECT count(*) FROM pt_bfs('ends', 1);
SELECT count(*) FROM ends WHERE a = 5;
SQL
	my $refused = () = $err =~ /needs \d+ kB more memory than parseltongue\.local_image_memory allows/g;
	my %answers;
	$answers{$_}++ foreach split /\n/, $out;
	is($rc, 0, "rows with one end, $how: the server stays up");
	is_deeply(\%answers, { 20 => @limits - $refused, 70 => scalar @limits }, "rows with one end, $how: answers are right");
	note "$refused of " . @limits . ' refused';
	$node->stop;
}

# Shared: many graphs under a small budget.
$node = pt_node('shared', preload => 1, conf => <<'CONF');
autovacuum = off
parseltongue.shared_image_memory = 2048
max_connections = 60
# files, which can be told from those of other servers
dynamic_shared_memory_type = mmap
CONF
$node->safe_psql('postgres', $fill);
is($node->safe_psql('postgres', "$big; SELECT image_place FROM pt_graph_status('big')"), "60000\nlocal", 'a graph over the shared budget is read locally');
is($node->safe_psql('postgres', "SELECT count(*) FROM pt_bfs('small', 1); SELECT image_place FROM pt_graph_status('small')"), "3\nshared", 'a small one is shared');
# of whose edges a call wants few, and has room for few
$node->safe_psql('postgres', <<'SQL');
CREATE TABLE few (a int, b int, kind text);
INSERT INTO few SELECT i % 100, i % 99, CASE WHEN i % 10000 = 0 THEN 'rare' ELSE 'often' END FROM generate_series(1, 40000) i;
CREATE INDEX ON few USING adjacency (a, b, kind);
SQL
is($node->safe_psql('postgres', "SELECT count(*) FROM pt_components('few'); SET parseltongue.local_image_memory = 128; SELECT string_agg(node::text, ' ') FROM pt_components('few', 0::bigint, edge_types => '{rare}')"), "100\n0 1 2 3 4", 'edges that a call leaves out need no room');
(undef, undef, my $refused) = $node->psql('postgres', "SET parseltongue.local_image_memory = 128; SELECT count(*) FROM pt_components('few')");
like($refused, qr/HINT: .*edge_types/, 'all of them do');
$node->safe_psql('postgres', <<'SQL');
DO $$
BEGIN
	FOR i IN 1..60 LOOP
		EXECUTE format('CREATE TABLE t%s AS SELECT j AS a, j + 1 AS b FROM generate_series(1, 3000 + %s) j', i, i);
		EXECUTE format('CREATE INDEX ON t%s USING adjacency (a, b)', i);
	END LOOP;
END $$;
SQL

# Dynamic shared memory of this server.
sub dsm_bytes
{
	my $n = 0;
	$n += -s $_ foreach grep { -e } glob($node->data_dir . '/pg_dynshmem/*');
	return $n;
}
my $visit = pt_script($node, 'visit', <<'SQL');
\set i random(1, 60)
SELECT 1 / (count(*) = 3001 + :i)::int FROM pt_bfs('t' || :i, 1);
SELECT 1 / (count(*) = 3)::int FROM pt_bfs('small', 1);
SQL
my $before = dsm_bytes();

# Once all sessions have come to their end, which may take a moment.
sub near_the_budget
{
	my ($what) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	my $end = time() + 60;
	my $more;
	do { $more = dsm_bytes() - $before } while ($more > 3 * 2048 * 1024 && time() < $end && select(undef, undef, undef, 0.1) == 0);
	note "shared segments: $before bytes before, $more more";
	cmp_ok($more, '<=', 3 * 2048 * 1024, $what);
	return;
}

foreach my $clients (8, 40)
{
	my ($rc, undef, $err) = pt_bg_stop(pt_bg($node, 'pgbench', '-n', '-c', $clients, '-j', '2', '-t', $clients == 8 ? 150 : 20, '-f', $visit, 'postgres'));
	is($rc, 0, "$clients sessions on sixty graphs that do not fit together: right answers") or diag substr($err, 0, 1000);
}
near_the_budget('shared images stay near the budget');

# Reconnecting all the time must not leave segments behind either.
pt_bg_stop(pt_bg($node, 'pgbench', '-n', '-C', '-c', '4', '-t', '40', '-f', $visit, 'postgres'));
near_the_budget('also after many short sessions');

# Dropped indexes and databases give their images back.
$node->safe_psql('postgres', 'CREATE DATABASE gone');
pt_setup($node, 'gone');
$node->safe_psql('gone', "CREATE TABLE x AS SELECT i AS a, i + 1 AS b FROM generate_series(1, 5000) i; CREATE INDEX ON x USING adjacency (a, b); SELECT count(*) FROM pt_bfs('x', 1)");
$node->safe_psql('postgres', 'DROP DATABASE gone');
$node->safe_psql('postgres', <<'SQL');
DO $$ BEGIN FOR i IN 1..60 LOOP EXECUTE format('DROP TABLE t%s', i); END LOOP; END $$;
SQL
# Whatever is left must not stand in the way of new images.
$node->safe_psql('postgres', <<'SQL');
DO $$
BEGIN
	FOR i IN 1..40 LOOP
		EXECUTE format('CREATE TABLE u%s AS SELECT j AS a, j + 1 AS b FROM generate_series(1, 5000) j', i);
		EXECUTE format('CREATE INDEX ON u%s USING adjacency (a, b)', i);
	END LOOP;
END $$;
SQL
my @places = split /\n/, $node->safe_psql('postgres', join '; ', map { "SELECT count(*) || (SELECT image_place FROM pt_graph_status('u$_')) FROM pt_bfs('u$_', 1)" } 1 .. 40);
is(scalar(grep { /^5001/ } @places), 40, 'forty new graphs, one after the other: right answers');
cmp_ok(scalar(grep { /^5001shared$/ } @places), '>=', 30, 'and most of them are shared');

# Merging: writes make bases due again and again; old ones go.
my $churn = pt_script($node, 'churn', <<'SQL');
\set i random(1, 40)
INSERT INTO u1 SELECT j, j + :i FROM generate_series(1, 3000) j;
SELECT 1 / (count(*) >= 5001)::int FROM pt_bfs('u1', 1);
DELETE FROM u1 WHERE b <> a + 1;
SELECT 1 / (count(*) >= 5001)::int FROM pt_bfs('u1', 1);
SQL
my ($rc, undef, $err) = pt_bg_stop(pt_bg($node, 'pgbench', '-n', '-c', '3', '-t', '12', '-f', $churn, 'postgres'));
is($rc, 0, 'a graph rewritten many times') or diag substr($err, 0, 1000);
near_the_budget('superseded images are gone');
$node->safe_psql('postgres', 'DELETE FROM u1 WHERE b <> a + 1; VACUUM u1');
is($node->safe_psql('postgres', "SELECT count(*) FROM pt_check_index((SELECT indexrelid FROM pg_index WHERE indrelid = 'u1'::regclass)::regclass)"), '0', 'index and table agree');

# With next to nothing for both, all that fits nowhere is refused, nothing more.
$node->append_conf('postgresql.conf', "parseltongue.shared_image_memory = 64\nparseltongue.local_image_memory = 1024\n");
$node->restart;
my ($state, undef, $text) = pt_psql_state($node, 'postgres', "$big;");
like($state, qr/^53[24]00$/, 'neither shared nor local memory: refused') or diag $text;
is($node->safe_psql('postgres', "SELECT count(*) FROM pt_bfs('small', 1)"), '3', 'the server goes on');
$node->safe_psql('postgres', "INSERT INTO big VALUES (1, 70000); DELETE FROM big WHERE a = 5; VACUUM big");
pass('writing and VACUUM need no image');
($state, my $found, $text) = pt_psql_state($node, 'postgres', "SELECT count(*) FROM pt_check_index('big_adj');");
ok($state =~ /^53[24]00$/ || "$state|$found" eq '|0', 'the check finds nothing, or says that it lacks memory') or diag "$state $found $text";

unlike(pt_log($node), qr/PANIC|TRAP|terminated by signal|WARNING|XX000/, 'nothing in the log');
$node->stop;
done_testing();
