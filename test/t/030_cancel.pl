# A walk, a merge and the building of an image stop soon after a cancel or a
# timeout, leave no lock, and the session goes on with right answers.
# The target is 100 ms.  What is measured is the processor's time of the session
# from the signal on, which does not depend on what else the machine does; the
# bound asserted is generous all the same.  The times are in the notes.
use strict;
use warnings;
use FindBin;
use lib $FindBin::RealBin;
use PtTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);

my $BOUND = 0.5;
my $N = 400_000;
# A ring with two random chords a node: every node reaches all others.
my $node = pt_node('cancel', conf => "autovacuum = off\nmax_wal_size = 2GB\nshared_buffers = 256MB\n");
$node->safe_psql('postgres', <<SQL);
CREATE TABLE big (a int NOT NULL, b int NOT NULL);
INSERT INTO big SELECT i, i % $N + 1 FROM generate_series(1, $N) i;
INSERT INTO big SELECT i, (i * 1979 + i / 3) % $N + 1 FROM generate_series(1, $N) i;
INSERT INTO big SELECT i, (i * 2671 + i / 7) % $N + 1 FROM generate_series(1, $N) i;
CREATE INDEX big_adj ON big USING adjacency (a, b);
SQL
# By the index's name: a CREATE INDEX that was too fast to be cancelled makes two.
my $right = "SELECT count(*) FROM pt_bfs('big_adj', 17)";

my $watch = $node->background_psql('postgres');

# Start sql in a session, interrupt it so long after its start, and measure how
# much it does from the signal to the error.
sub cancel_after
{
	my ($session, $pid, $wait, $sql) = @_;
	my $n = $session->{query_cnt}++;
	$session->{stdin} .= "$sql;\n\\echo done-$n\n\\warn done-$n\n";
	# a signal that comes before the statement has begun is lost
	do { $session->{run}->pump_nb }
	  until $session->{stdout} =~ /done-$n\n/ || $watch->query_safe("SELECT state = 'active' FROM pg_stat_activity WHERE pid = $pid") eq 't';
	my $end = time() + $wait;
	while (time() < $end) { $session->{run}->pump_nb; sleep(0.002); }
	return ('finished', 0) if $session->{stdout} =~ /done-$n\n/;
	my $start = pt_cpu($pid);
	kill 'INT', $pid;
	$session->{run}->pump until $session->{stderr} =~ /done-$n\n/ && $session->{stdout} =~ /done-$n\n/;
	my $took = pt_cpu($pid) - $start;
	my $err = $session->{stderr};
	$session->{stdout} = $session->{stderr} = '';
	return ($err =~ /canceling statement due to user request/ ? 'cancelled' : "finished $err", $took);
}

sub interrupted
{
	my ($what, $sql, $fresh, @waits) = @_;
	my $session = $node->background_psql('postgres', on_error_stop => 0);
	my $pid = $session->query_safe('SELECT pg_backend_pid()');
	my ($cancelled, $worst) = (0, 0);
	foreach my $wait (@waits)
	{
		my ($how, $took) = cancel_after($session, $pid, $wait, $sql);
		$session->{stdout} = $session->{stderr} = '';
		$cancelled++ if $how eq 'cancelled';
		$worst = $took if $took > $worst && $how eq 'cancelled';
		fail("$what after $wait s: $how") if $how !~ /^(?:cancelled|finished\s*\z|finished done)/;
		is(pt_session_locks($node, $pid), '', "$what after $wait s ($how): no lock remains");
		if ($fresh)
		{
			$session->quit;
			$session = $node->background_psql('postgres', on_error_stop => 0);
			$pid = $session->query_safe('SELECT pg_backend_pid()');
		}
	}
	is($session->query_safe($right), $N, "$what: the session goes on, its next walk is whole");
	is(pt_session_locks($node, $pid), '', "$what: no lock after it");
	$session->quit;
	note sprintf('%s: %d of %d cancelled, slowest %.1f ms', $what, $cancelled, scalar(@waits), $worst * 1000);
	cmp_ok($cancelled, '>=', 1, "$what: something was cancelled");
	cmp_ok($worst, '<', $BOUND, "$what: cancel acts within the bound");
	return;
}

# No page is all-visible: the walk looks at the rows.
interrupted('building', "SELECT nodes FROM pt_graph_status('big')", 1, 0.01, 0.03, 0.06, 0.1, 0.15, 0.25);
interrupted('walk by rows', "SELECT count(*) FROM (SELECT pt_bfs('big', i) FROM generate_series(1, 40) i) x", 0, 0.01, 0.1, 0.4, 0.7, 1.1);
$node->safe_psql('postgres', 'VACUUM (FREEZE) big');
interrupted('walk by the map', "SELECT count(*) FROM (SELECT pt_bfs('big', i) FROM generate_series(1, 40) i) x", 0, 0.01, 0.05, 0.2, 0.5, 0.8);
interrupted('summary', "SELECT count(*) FROM (SELECT pt_blast_radius_summary(i::text, NULL, 'both', graph => 'big') FROM generate_series(1, 40) i) x", 0, 0.02, 0.3, 0.6);
interrupted('catching up and merging',
	"BEGIN; INSERT INTO big SELECT i, i + 1 FROM generate_series(700000, 780000) i; SELECT count(*) FROM pt_bfs('big', 17); SELECT pg_sleep(3); ROLLBACK",
	0, 0.3, 0.4, 0.5, 0.6);

# Functions that pass over the whole graph, some of which would take hours.
$node->safe_psql('postgres', <<SQL);
CREATE TABLE road AS SELECT a, b, (a::bigint * 7919 + b) % 100 + 1 AS cost FROM big;
CREATE INDEX road_adj ON road USING adjacency (a, b) INCLUDE (cost);
VACUUM (ANALYZE) road;
SQL
interrupted($_, "SELECT count(*) FROM $_", 0, 0.02, 0.1)
  foreach "pt_components('big')", "pt_strong_components('big')", "pt_cycles('big', mode => 'elementary', max_cycles => NULL)",
  "pt_topological_sort('big', cyclic => 'condense')", "pt_bridges('big')", "pt_articulation_points('big')", "pt_dominators('big', '1')",
  "pt_feedback_edges('big')", "pt_degree('big')", "pt_pagerank('big', tolerance => 0)", "pt_betweenness('big')", "pt_closeness('big')",
  "pt_harmonic('big')", "pt_hits('big', tolerance => 0)", "pt_eigenvector('big', tolerance => 0)", "pt_katz('big', alpha => 0.05, tolerance => 0)",
  "pt_kcore('big')", "pt_communities('big')", "pt_label_propagation('big')", "pt_triangles('big')", "pt_clustering_coefficient('big')",
  "pt_dijkstra('road', '1')", "pt_dijkstra_paths('1', '200000', 1000, graph => 'road')", "pt_bellman_ford('road', '1')",
  "pt_minimum_spanning_tree('road')", "pt_max_flow('road', '1', '200000')", "pt_pagerank('road', weighted => true, tolerance => 0)";

# One key that a pattern takes long over.
$node->safe_psql('postgres', "CREATE TABLE long (a text, b text); INSERT INTO long VALUES (repeat('a', 8000000), 'b'); CREATE INDEX ON long USING adjacency (a, b)");
interrupted('a pattern', "SELECT count(*) FROM pt_forbidden(repeat('**a', 600) || 'z -> b', graph => 'long')", 0, 0.3, 0.6);

# A statement that is one walk: however slow the machine, the cancel must not
# wait for its end.  Compared with what the whole walk takes.
foreach my $sql ("SELECT count(*) FROM pt_blast_radius_summary('17', NULL, 'both', graph => 'big')", $right)
{
	my $session = $node->background_psql('postgres', on_error_stop => 0);
	my $pid = $session->query_safe('SELECT pg_backend_pid()');
	$session->query_safe($sql);
	my ($start, $begun) = (pt_cpu($pid), time());
	$session->query_safe($sql);
	my $whole = pt_cpu($pid) - $start;
	my $wait = 0.2 * (time() - $begun);
	my @late;
	foreach my $try (1 .. 100)
	{
		my ($how, $took) = cancel_after($session, $pid, $wait, $sql);
		$session->{stdout} = $session->{stderr} = '';
		if ($how eq 'cancelled') { push @late, $took }
		else { $wait *= 0.7 }
		last if @late == 7;
	}
	@late = sort { $a <=> $b } @late;
	is(scalar(@late), 7, "cancelled seven times: $sql");
	note sprintf('whole walk %.1f ms; cancelled after %s ms', $whole * 1000, join ' ', map { sprintf '%.1f', $_ * 1000 } @late);
	cmp_ok($late[3] // $whole, '<', 0.4 * $whole, "cancelled long before its end: $sql");
	$session->quit;
}

# statement_timeout at many moments of a session's first call (build and walk)
# and of later ones.
my ($worst, $hit) = (0, 0);
foreach my $ms (1, 10, 40, 80, 160, 300)
{
	my $session = $node->background_psql('postgres', on_error_stop => 0);
	my $pid = $session->query_safe('SELECT pg_backend_pid()');
	foreach my $turn ('first', 'second')
	{
		my $start = pt_cpu($pid);
		my ($out, $failed) = $session->query("SET statement_timeout = $ms; $right");
		my $over = pt_cpu($pid) - $start - $ms / 1000;
		if ($failed)
		{
			$hit++;
			$worst = $over if $over > $worst;
			like($session->{stderr}, qr/statement timeout/, "timeout $ms ms, $turn call");
		}
		else
		{
			is($out, $N, "no timeout within $ms ms, $turn call: the answer is whole");
		}
		$session->{stderr} = '';
	}
	# which may take longer than that itself
	do
	{
		$session->{stderr} = '';
		$session->query('SET statement_timeout = 0');
	} while $session->{stderr} =~ /statement timeout/;
	is($session->query_safe($right), $N, "after $ms ms: the session goes on");
	is( $session->query_safe("SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid() AND locktype NOT IN ('virtualxid', 'relation')"),
		'0', "after $ms ms: no lock remains");
	$session->quit;
}
note sprintf('statement_timeout: %d hits, slowest %.1f ms over', $hit, $worst * 1000);
cmp_ok($hit, '>=', 3, 'some timeouts struck');
cmp_ok($worst, '<', $BOUND, 'statement_timeout acts within the bound');

# CREATE INDEX and VACUUM stop as well, and leave no lock.
interrupted('CREATE INDEX', 'CREATE INDEX big_two ON big USING adjacency (b, a)', 0, 0.05, 0.3, 0.6);
$node->safe_psql('postgres', 'DROP INDEX IF EXISTS big_two');
$node->safe_psql('postgres', 'DELETE FROM big WHERE a % 5 = 0 AND b <> a + 1');
interrupted('VACUUM', 'VACUUM (INDEX_CLEANUP ON) big', 0, 0.05, 0.2, 0.4);
$node->safe_psql('postgres', 'VACUUM (INDEX_CLEANUP ON) big');
is($node->safe_psql('postgres', $right), $N, 'after cancelled VACUUMs: the walk is whole');
pt_clean($node, 'after cancels', 'big_adj');

# Resolving references stops while it reads, sorts or writes, and leaves neither guesses nor less to do.
$node->safe_psql('postgres', <<SQL);
SELECT pt_create_codebase('code');
INSERT INTO code.pt_entity (key, name, entity_type, language, file_path, line_start, properties)
	SELECT format('python:fn:f%s:m%s.py:%s-%s', i % 5000, i % 200, i, i), 'f' || i % 5000, 'function', 'python', format('m%s.py', i % 200), i, '{}' FROM generate_series(1, 30000) i;
INSERT INTO code.pt_entity (key, name, entity_type, language, file_path, properties)
	SELECT format('python:file:m%s.py:1-1', i), 'm', 'file', 'python', format('m%s.py', i), jsonb_build_object('qualified', i % 2 = 0) FROM generate_series(0, 199) i;
INSERT INTO code.pt_edge (from_key, to_key) SELECT key, format('python:fn:%sf%s:unresolved-reference:0-0', q, (line_start * 7) % 5000) FROM code.pt_entity, unnest('{"",m1::,?.}'::text[]) q WHERE line_start > 0;
INSERT INTO code.pt_pending (files) VALUES ('{m1.py}');
SQL
interrupted('resolving', "BEGIN;\nSELECT count(*) FROM pt_resolve_references('code.pt_edge');\nROLLBACK", 0, 0.02, 0.1, 0.2, 0.4, 0.7, 1.0);
is($node->safe_psql('postgres', 'SELECT (SELECT count(*) FROM code.pt_edge WHERE reference_key IS NOT NULL) + 10 * (SELECT count(*) FROM code.pt_pending)'), 10,
	'after cancelled calls there are no guesses, and the note of what has changed');
my $resolved = "SELECT guesses_inserted > 0, guesses_unchanged, guesses_deleted FROM pt_resolve_references('code.pt_edge')";
is($node->safe_psql('postgres', $resolved), 't|0|0', 'a call that is left alone writes them');
like($node->safe_psql('postgres', $resolved), qr/^f\|[1-9]\d*\|0$/, 'and that was all');

ok(pt_wait_for($node, "SELECT count(*) = 0 FROM pg_locks WHERE locktype IN ('page', 'tuple')"), 'no barrier is left behind');
unlike(pt_log($node), qr/TRAP|PANIC|leak|WARNING/, 'no leak is reported');
$watch->quit;
$node->stop;
done_testing();
