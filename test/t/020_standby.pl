# A streaming standby answers like the primary, at the same point of the WAL,
# while the primary writes and vacuums.  The vacuum barrier is not replayed, so
# a standby must not trust the visibility map; a long snapshot there either
# keeps its graph or is cancelled by a recovery conflict, and is never wrong.
# wal_consistency_checking compares every replayed page with the primary's.
use strict;
use warnings;
use FindBin;
use lib $FindBin::RealBin;
use PtTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);

my $primary = pt_node('primary', init => { allows_streaming => 1 }, preload => 1,
	conf => "autovacuum = off\nwal_consistency_checking = 'all'\nmax_wal_size = 1GB\n");
$primary->safe_psql('postgres', <<'SQL');
CREATE TABLE g (a int NOT NULL, b int NOT NULL, t text) WITH (autovacuum_enabled = off);
CREATE INDEX g_adj ON g USING adjacency (a, b, t);
CREATE UNLOGGED TABLE ul (a int, b int);
CREATE INDEX ul_adj ON ul USING adjacency (a, b);
INSERT INTO g SELECT i, i % 100 + 1, 'seed' FROM generate_series(1, 100) i;
INSERT INTO g SELECT i, (i * 7) % 300 + 1, 'seed' FROM generate_series(1, 300) i;
CREATE TABLE guess (a int NOT NULL, b int NOT NULL, t text, confidence numeric(3,2), cost real) WITH (autovacuum_enabled = off);
CREATE INDEX guess_adj ON guess USING adjacency (a, b, t, confidence) INCLUDE (cost);
INSERT INTO guess SELECT i % 150 + 1, (i * 7) % 150 + 1, 'seed', CASE WHEN i % 3 > 0 THEN (1 + i * 7 % 100) / 100.0 END, i / 4.0 FROM generate_series(1, 300) i;
SQL
$primary->backup('base');

my %standby;
foreach my $name ('feedback', 'conflict')
{
	my $s = PostgreSQL::Test::Cluster->new($name);
	$s->init_from_backup($primary, 'base', has_streaming => 1);
	$s->append_conf('postgresql.conf', $name eq 'feedback'
		? "hot_standby_feedback = on\nwal_receiver_status_interval = 1\nmax_standby_streaming_delay = 30s\n"
		: "hot_standby_feedback = off\nmax_standby_streaming_delay = 100ms\n");
	$s->start;
	$standby{$name} = $s;
}

sub catchup
{
	my $lsn = $primary->lsn('insert');
	$primary->wait_for_catchup($_, 'replay', $lsn) foreach values %standby;
	return;
}

# The whole answer, from several starts, as one line each.
my $answers = join ' UNION ALL ', map {
	"SELECT '$_', node, distance FROM unnest('{1,50,150,250,299}'::int[]) s, pt_bfs('g', s, direction => '$_', missing_ok => true)"
} qw(out in both);
$answers = "SELECT * FROM ($answers) x ORDER BY 1, 2, 3";

sub same_answers
{
	my ($what) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	catchup();
	my $expect = $primary->safe_psql('postgres', $answers);
	is($standby{$_}->safe_psql('postgres', $answers), $expect, "$what: $_ answers like the primary")
	  foreach sort keys %standby;
	pt_walks_agree($standby{conflict}, "$what, on the standby", 'g', "'{77}'::text[]");
	pt_guesses_agree($standby{$_}, "$what, $_", 'guess', "'{1,77,999}'") foreach sort keys %standby;
	pt_weights_agree($standby{$_}, "$what, $_", 'guess') foreach sort keys %standby;
	return;
}

same_answers('at first');
my ($state, undef, $err) = pt_psql_state($standby{conflict}, 'postgres', "SELECT * FROM pt_bfs('ul', 1);");
is($state, '0A000', 'an unlogged graph is refused on a standby') or diag $err;

# Writers and VACUUM on the primary, walkers on both standbys.
my $write = pt_script($primary, 'write', <<'SQL');
\set a random(1, 300)
\set b random(1, 300)
\set c random(1, 10)
BEGIN;
INSERT INTO g SELECT (:a + i) % 300 + 1, (:b * i) % 300 + 1, 'w' FROM generate_series(1, :c) i;
DELETE FROM g WHERE a = :b AND t = 'w';
UPDATE g SET b = :a WHERE a = :c AND t = 'w';
INSERT INTO guess SELECT (:a + i) % 150 + 1, (:b * i) % 150 + 1, 'w', nullif((:b + i * 13) % 101, 0) / 100.0, nullif(:b - i, 0) FROM generate_series(1, :c) i;
UPDATE guess SET cost = :b / 8.0 WHERE a = :a % 150 + 1;
DELETE FROM guess WHERE a = :b AND t = 'w';
UPDATE guess SET confidence = CASE WHEN confidence IS NULL THEN 0.3 WHEN confidence < 0.6 THEN confidence + 0.4 END WHERE a = :c;
\if :c = 5
ROLLBACK;
\else
COMMIT;
\endif
SQL
my $vacuum = pt_script($primary, 'vacuum', "VACUUM (INDEX_CLEANUP ON) g, guess;\n\\sleep 10 ms\n");
my $read = pt_script($primary, 'read', <<'SQL');
\set a random(1, 300)
SELECT assert_graph('g', :a::text, 'out');
SELECT assert_graph('g', :a::text, 'both', 2);
SQL
# Two answers of one snapshot, with time between for VACUUM to act.
my $reread = pt_script($primary, 'reread', <<'SQL');
\set a random(1, 300)
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT assert_graph('g', :a::text, 'out');
SELECT assert_weights('guess');
\sleep 150 ms
SELECT assert_graph('g', :a::text, 'in');
SELECT assert_guesses('guess', ARRAY[:a]);
SELECT assert_graph('g', :a::text, 'out');
COMMIT;
SQL

# pgbench aborts a client whose query is cancelled by a conflict, so readers
# are sessions in a loop here: any error but a conflict is a failure.
sub reader_loop
{
	my ($node, $seconds) = @_;
	return pt_bg($node, 'psql', '-X', '-q', '-d', 'postgres', '-f',
		pt_script($node, 'loop' . int(rand(1e9)),
			"\\set VERBOSITY verbose\n" . join('', map {
				my $a = int(rand(300)) + 1;
				"BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT assert_graph('g', '$a', 'out'); SELECT pg_sleep(0.15); "
				. "SELECT assert_graph('g', '$a', 'in'); SELECT assert_graph('g', '$a'); COMMIT; ROLLBACK;\n"
				. "SELECT assert_graph('g', '$a', 'both', 2); SELECT assert_guesses('guess', '{$a}'); SELECT assert_weights('guess');\n"
			} 1 .. 3 * $seconds)));
}

my $writers = pt_bg($primary, 'pgbench', '-n', '-c', '2', '-T', '6', '-R', '400',
	'-f', "$write\@20", '-f', "$vacuum\@1", 'postgres');
my %reader = map { $_ => reader_loop($standby{$_}, 6) } keys %standby;
my @result = pt_bg_stop($writers);
is($result[0], 0, 'writers on the primary') or diag $result[2];
foreach my $name (sort keys %standby)
{
	my (undef, undef, $stderr) = pt_bg_stop($reader{$name});
	my @errors = grep { !/(?:ERROR|FATAL):  (?:40001|40P01): .* due to conflict with recovery|ERROR:  40001:|ERROR:  25P02:|ERROR:  57014:/ }
	  $stderr =~ /^.*(?:ERROR|FATAL|PANIC):.*$/mg;
	my $conflicts = () = $stderr =~ /40001/g;
	note "$name: $conflicts recovery conflicts";
	is("@errors[0 .. ($#errors > 3 ? 3 : $#errors)]", '', "$name: every walk during writes and VACUUM is right or cancelled");
}
same_answers('after writes and VACUUM');

# A cursor and a snapshot from before a delete and a VACUUM that frees the rows.
foreach my $name ('feedback', 'conflict')
{
	my $s = $standby{$name};
	$primary->safe_psql('postgres',
		"DELETE FROM g WHERE a >= 1000; INSERT INTO g SELECT i, i + 1, 'tail' FROM generate_series(1000, 1100) i");
	catchup();
	my $session = $s->background_psql('postgres', on_error_stop => 0);
	$session->query_safe('BEGIN ISOLATION LEVEL REPEATABLE READ');
	$session->query_safe("DECLARE c CURSOR FOR SELECT count(*) FROM pt_bfs('g', 1000)");
	is($session->query_safe("SELECT count(*) FROM pt_bfs('g', 1000)"), '102', "$name: whole tail before the delete");
	# What the standby has told the primary last holds for this snapshot, too: it is
	# as old or older.
	ok(pt_wait_for($primary, "SELECT backend_xmin IS NOT NULL FROM pg_stat_replication WHERE application_name = 'feedback'"), "$name: feedback has come")
	  if $name eq 'feedback';
	$primary->safe_psql('postgres', 'DELETE FROM g WHERE a BETWEEN 1050 AND 1060');
	# a table that is truncated is locked, which is another conflict
	$primary->safe_psql('postgres', 'VACUUM (INDEX_CLEANUP ON, TRUNCATE OFF) g');
	$primary->safe_psql('postgres',
		"INSERT INTO g SELECT 1049, 2000 + i, 'reuse' FROM generate_series(1, 30) i");
	catchup();
	# A conflict with an idle transaction ends the session; psql is gone then.
	my ($out, $failed);
	eval { ($out, $failed) = $session->query("SELECT count(*) FROM pt_bfs('g', 1000)"); 1 } or $failed = 'ended';
	if ($failed)
	{
		like($session->{stderr}, qr/conflict with recovery|terminating connection|server closed/,
			"$name: the old snapshot is cancelled by a recovery conflict");
	}
	else
	{
		is($out, '102', "$name: the old snapshot keeps its graph");
		is($session->query('FETCH ALL FROM c'), '102', "$name: and so does its cursor");
	}
	ok(!$failed, "$name: feedback avoids the conflict") if $name eq 'feedback';
	eval { $session->quit };
	is($s->safe_psql('postgres', "SELECT count(*) FROM pt_bfs('g', 1000)"), 51 + 30, "$name: a new snapshot sees the new graph");
}
same_answers('after the conflict');

# TRUNCATE, REINDEX and VACUUM FULL reach the standby's images.
$primary->safe_psql('postgres', $_), same_answers($_)
  foreach ('REINDEX INDEX g_adj; REINDEX INDEX guess_adj', 'VACUUM FULL g; VACUUM FULL guess', 'DELETE FROM g WHERE a % 3 > 0; VACUUM g; INSERT INTO g SELECT i, i + 2 FROM generate_series(1, 50) i; VACUUM g');
$primary->safe_psql('postgres', "TRUNCATE g; INSERT INTO g SELECT i, i % 300 + 1, 'again' FROM generate_series(1, 300) i");
same_answers('after TRUNCATE');

# Promotion in the midst of reading: a session keeps its old snapshot across
# it, then the new primary is written to and vacuumed at once.
my $new = $standby{conflict};
my $session = $new->background_psql('postgres');
$session->query_safe('BEGIN ISOLATION LEVEL REPEATABLE READ');
is($session->query_safe("SELECT count(*) FROM pt_bfs('g', 1)"), '300', 'before the promotion');
$session->query_safe("DECLARE c CURSOR FOR SELECT count(*) FROM pt_bfs('g', 1)");
my $loop = reader_loop($new, 2);
sleep(0.5);
$new->promote;
$new->safe_psql('postgres',
	"DELETE FROM g WHERE a = 150; VACUUM (INDEX_CLEANUP ON) g; INSERT INTO g VALUES (1, 9000); VACUUM g");
is($session->query_safe("SELECT count(*) FROM pt_bfs('g', 1)"), '300', 'the old snapshot across the promotion');
is($session->query_safe('FETCH ALL FROM c'), '300', 'and its cursor');
$session->query_safe('COMMIT');
is($session->query_safe("SELECT count(*) FROM pt_bfs('g', 1)"), '151', 'the new snapshot after the promotion');
$session->quit;
my $bench = pt_bg($new, 'pgbench', '-n', '-c', '2', '-T', '3', '-f', "$write\@10", '-f', "$vacuum\@1", '-f', "$reread\@2", '-f', "$read\@5", 'postgres');
@result = pt_bg_stop($bench);
is($result[0], 0, 'writers, walkers and VACUUM on the promoted standby') or diag $result[2];
my (undef, undef, $stderr) = pt_bg_stop($loop);
unlike($stderr, qr/WRONG WALK|XX000/, 'walks across the promotion are right');
pt_clean($new, 'promoted', 'g_adj', 'guess_adj', 'ul_adj');
pt_guesses_agree($new, 'promoted', 'guess', "'{1,77}'");
pt_walks_agree($new, 'promoted', 'g', "'{1,77,250}'::text[]");
is($new->safe_psql('postgres', "INSERT INTO ul VALUES (1, 2); SELECT count(*) FROM pt_bfs('ul', 1)"), '2', 'the unlogged graph works after the promotion');

unlike(slurp_file($_->logfile), qr/inconsistent page|PANIC|TRAP/, $_->name . ': replayed pages equal the primary\'s')
  foreach ($primary, values %standby);
$_->stop foreach (values %standby, $primary);
done_testing();
