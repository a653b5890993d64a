# What the TAP tests share: a node with the extension, and the oracle.
#
# graph_diff(graph, start, direction, hops) walks a graph with the extension
# and with plain SQL inside one statement, hence under one snapshot, and returns
# a row for each difference; none means that they agree.  assert_graph() is the
# same, raising an error, for pgbench scripts: a client that meets a difference
# dies with it.
#
# The oracle is a recursive query for what is reachable, and, for the distances,
# the properties that make a breadth-first tree: the parent is one step nearer
# and its edge is there, and no edge leads more than one step further.  Together
# they admit no wrong distance, and cost one pass over the edges where a query
# by (node, distance) would take nodes times edges.
package PtTest;

use strict;
use warnings;

use Exporter 'import';
use IPC::Run;
use POSIX ();
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(time sleep);

our @EXPORT = qw(pt_node pt_setup pt_oracle pt_clean pt_walks_agree pt_guesses_agree pt_weights_agree
  pt_bg pt_bg_stop pt_script pt_session_locks pt_psql_state pt_wait_for pt_log pt_cpu
  pt_nudge pt_ask_beside pt_bg_stop_beside);

# How long to wait for what comes in a moment, if it comes: the machine may have
# other things to do.
my $PATIENCE = 180;

my $ORACLE = <<'SQL';
CREATE FUNCTION graph_diff(graph regclass, start text, dir text DEFAULT 'out', hops int DEFAULT NULL)
RETURNS SETOF text LANGUAGE plpgsql STABLE SET jit = off AS $fn$
DECLARE
	i record;
BEGIN
	SELECT x.indrelid::regclass AS tab, quote_ident(a1.attname) AS a, quote_ident(a2.attname) AS b,
		   CASE WHEN format_type(a1.atttypid, NULL) = 'character varying' THEN 'text' ELSE format_type(a1.atttypid, NULL) END AS typ
	INTO i
	FROM pg_index x
		JOIN pg_class c ON c.oid = x.indexrelid
		JOIN pg_am m ON m.oid = c.relam AND m.amname = 'adjacency'
		JOIN pg_attribute a1 ON a1.attrelid = x.indrelid AND a1.attnum = x.indkey[0]
		JOIN pg_attribute a2 ON a2.attrelid = x.indrelid AND a2.attnum = x.indkey[1]
	WHERE x.indrelid = graph OR x.indexrelid = graph
	LIMIT 1;

	RETURN QUERY EXECUTE format($q$
		WITH RECURSIVE
		 e (u, v) AS MATERIALIZED (
			SELECT %2$s, %3$s FROM %1$s WHERE $2 <> 'in' AND %2$s IS NOT NULL AND %3$s IS NOT NULL
			UNION ALL
			SELECT %3$s, %2$s FROM %1$s WHERE $2 <> 'out' AND %2$s IS NOT NULL AND %3$s IS NOT NULL),
		 w AS MATERIALIZED (
			SELECT node, distance, parent FROM pt_bfs($4, $1::%4$s, $3, $2, missing_ok => true)),
		 reach (node) AS (
			SELECT $1::%4$s WHERE $3 IS NULL
			UNION
			SELECT e.v FROM reach JOIN e ON e.u = reach.node),
		 steps (node, distance) AS (
			SELECT $1::%4$s, 0 WHERE $3 IS NOT NULL
			UNION
			SELECT e.v, steps.distance + 1 FROM steps JOIN e ON e.u = steps.node WHERE steps.distance < $3),
		 oracle AS MATERIALIZED (
			SELECT node, NULL::int AS distance FROM reach WHERE node <> $1::%4$s
			UNION ALL
			SELECT node, min(distance) FROM steps WHERE node <> $1::%4$s GROUP BY node)
		SELECT format('not walked: %%s', o.node) FROM oracle o WHERE NOT EXISTS (SELECT FROM w WHERE w.node = o.node)
		UNION ALL
		SELECT format('walked, not there: %%s at %%s', w.node, w.distance) FROM w
			WHERE w.node <> $1::%4$s AND NOT EXISTS (SELECT FROM oracle o WHERE o.node = w.node)
		UNION ALL
		SELECT format('distance of %%s: %%s, not %%s', w.node, w.distance, o.distance) FROM w JOIN oracle o ON o.node = w.node AND o.distance <> w.distance
		UNION ALL
		SELECT format('twice: %%s', w.node) FROM w GROUP BY w.node HAVING count(*) > 1
		UNION ALL
		SELECT format('start at %%s below %%s', w.distance, w.parent) FROM w WHERE w.node = $1::%4$s AND (w.distance <> 0 OR w.parent IS NOT NULL)
		UNION ALL
		SELECT format('start missing') WHERE NOT EXISTS (SELECT FROM w WHERE w.node = $1::%4$s)
			AND EXISTS (SELECT FROM e WHERE e.u = $1::%4$s OR e.v = $1::%4$s)
		UNION ALL
		SELECT format('bad parent: %%s below %%s at %%s', w.node, w.parent, w.distance) FROM w
			WHERE w.node <> $1::%4$s AND NOT EXISTS (
				SELECT FROM w p JOIN e ON e.u = p.node AND e.v = w.node WHERE p.node = w.parent AND p.distance = w.distance - 1)
		UNION ALL
		SELECT format('not the shortest: %%s at %%s, %%s at %%s', p.node, p.distance, c.node, c.distance)
			FROM w p JOIN e ON e.u = p.node JOIN w c ON c.node = e.v WHERE c.distance > p.distance + 1
		UNION ALL
		SELECT format('blast radius: %%s', d) FROM (
			((SELECT node::text, distance FROM w WHERE distance > 0)
			 EXCEPT ALL (SELECT key, distance FROM pt_blast_radius($1, $3, $2, missing_ok => true, graph => $4)))
			UNION ALL
			((SELECT key, distance FROM pt_blast_radius($1, $3, $2, missing_ok => true, graph => $4))
			 EXCEPT ALL (SELECT node::text, distance FROM w WHERE distance > 0))) d
		UNION ALL
		SELECT format('summary: %%s', d) FROM (
			((SELECT distance, count(*) FROM w WHERE distance > 0 GROUP BY distance)
			 EXCEPT ALL (SELECT distance, entities FROM pt_blast_radius_summary($1, $3, $2, missing_ok => true, graph => $4)))
			UNION ALL
			((SELECT distance, entities FROM pt_blast_radius_summary($1, $3, $2, missing_ok => true, graph => $4))
			 EXCEPT ALL (SELECT distance, count(*) FROM w WHERE distance > 0 GROUP BY distance))) d
		UNION ALL
		SELECT format('callers: %%s', d) FROM (
			((SELECT %2$s::text, %3$s::text FROM %1$s WHERE %3$s = $1::%4$s AND %2$s IS NOT NULL)
			 EXCEPT ALL (SELECT from_key, to_key FROM pt_callers($1, missing_ok => true, graph => $4)))
			UNION ALL
			((SELECT from_key, to_key FROM pt_callers($1, missing_ok => true, graph => $4))
			 EXCEPT ALL (SELECT %2$s::text, %3$s::text FROM %1$s WHERE %3$s = $1::%4$s AND %2$s IS NOT NULL))) d
	$q$, i.tab, i.a, i.b, i.typ) USING start, dir, hops, graph;
END $fn$;

CREATE FUNCTION assert_graph(graph regclass, start text, dir text DEFAULT 'out', hops int DEFAULT NULL)
RETURNS void LANGUAGE plpgsql STABLE AS $fn$
DECLARE
	diff text;
BEGIN
	SELECT string_agg(d, '; ') INTO diff FROM (SELECT d FROM graph_diff(graph, start, dir, hops) d LIMIT 5) x;
	IF diff IS NOT NULL THEN
		RAISE EXCEPTION 'WRONG WALK of % from % (%, %): %', graph, start, dir, hops, diff;
	END IF;
END $fn$;

-- Every direction and a few bounds from a sample of nodes and a stranger.
CREATE FUNCTION assert_walks(graph regclass, starts text[])
RETURNS int LANGUAGE plpgsql STABLE AS $fn$
DECLARE
	n int := 0;
	s text;
	d text;
	h int;
BEGIN
	FOREACH s IN ARRAY starts LOOP
		FOREACH d IN ARRAY '{out,in,both}'::text[] LOOP
			FOREACH h IN ARRAY '{0,1,3,NULL}'::int[] LOOP
				PERFORM assert_graph(graph, s, d, h);
				n := n + 1;
			END LOOP;
		END LOOP;
	END LOOP;
	RETURN n;
END $fn$;

-- A graph of facts and guesses, with columns a, b, t, confidence: what is reached
-- and what leaves a node, by each bound, as a recursive query over the rows has it.
CREATE FUNCTION assert_guesses(graph regclass, starts int[])
RETURNS int LANGUAGE plpgsql STABLE SET jit = off AS $fn$
DECLARE
	n int := 0;
	s int;
	d text;
	lowest numeric;
	diff text;
BEGIN
	FOREACH s IN ARRAY starts LOOP
		FOREACH d IN ARRAY '{out,in}'::text[] LOOP
			FOREACH lowest IN ARRAY '{NULL,0,0.3,0.75,1}'::numeric[] LOOP
				EXECUTE format($q$
					WITH RECURSIVE
					 e (u, v) AS MATERIALIZED (
						SELECT CASE $2 WHEN 'out' THEN a ELSE b END, CASE $2 WHEN 'out' THEN b ELSE a END
						FROM %1$s WHERE confidence IS NULL OR confidence >= coalesce($3, 0.5)),
					 reach (node) AS (SELECT $1 UNION SELECT e.v FROM reach JOIN e ON e.u = reach.node),
					 f (u, v) AS MATERIALIZED (
						SELECT CASE $2 WHEN 'out' THEN a ELSE b END, CASE $2 WHEN 'out' THEN b ELSE a END
						FROM %1$s WHERE confidence IS NULL OR confidence = 1),
					 sure (node) AS (SELECT $1 UNION SELECT f.v FROM sure JOIN f ON f.u = sure.node),
					 w AS MATERIALIZED (SELECT node, distance, parent, certain FROM pt_bfs($4, $1, NULL, $2, missing_ok => true, min_confidence => $3)),
					 wrong (what) AS (
						SELECT format('not walked: %%s', node) FROM (SELECT node FROM reach WHERE node <> $1 EXCEPT SELECT node FROM w) x
						UNION ALL
						SELECT format('walked, not there: %%s', node) FROM (SELECT node FROM w EXCEPT SELECT node FROM reach) x
						UNION ALL
						SELECT format('certain is %%s: %%s', certain, node) FROM w WHERE certain <> (node IN (SELECT node FROM sure))
						UNION ALL
						SELECT format('no such edge: %%s, %%s', parent, node) FROM w WHERE distance > 0 AND NOT EXISTS (SELECT FROM e WHERE u = parent AND v = node)
						UNION ALL
						SELECT format('not the shortest: %%s at %%s, %%s at %%s', p.node, p.distance, c.node, c.distance)
						FROM w p JOIN e ON e.u = p.node JOIN w c ON c.node = e.v WHERE c.distance > p.distance + 1
						UNION ALL
						SELECT format('edge: %%s', x) FROM (
							((SELECT a::text, b::text, t FROM %1$s WHERE CASE $2 WHEN 'out' THEN a ELSE b END = $1 AND (confidence IS NULL OR confidence >= coalesce($3, 0.5)))
							 EXCEPT ALL (SELECT from_key, to_key, edge_type FROM %2$s($1::text, missing_ok => true, graph => $4, min_confidence => $3)))
							UNION ALL
							((SELECT from_key, to_key, edge_type FROM %2$s($1::text, missing_ok => true, graph => $4, min_confidence => $3))
							 EXCEPT ALL (SELECT a::text, b::text, t FROM %1$s WHERE CASE $2 WHEN 'out' THEN a ELSE b END = $1 AND (confidence IS NULL OR confidence >= coalesce($3, 0.5))))) x)
					SELECT string_agg(what, '; ') FROM (SELECT what FROM wrong LIMIT 5) x
				$q$, graph, CASE d WHEN 'out' THEN 'pt_callees' ELSE 'pt_callers' END) INTO diff USING s, d, lowest, graph;
				IF diff IS NOT NULL THEN
					RAISE EXCEPTION 'WRONG WALK of % from % (%, from % on): %', graph, s, d, lowest, diff;
				END IF;
				n := n + 1;
			END LOOP;
		END LOOP;
	END LOOP;
	RETURN n;
END $fn$;

-- A graph with columns a, b, cost: the edges that weighted walks are given, asked for
-- either way, of all nodes and of some, against the rows. Returns how many there are.
CREATE FUNCTION assert_weights(graph regclass)
RETURNS bigint LANGUAGE plpgsql STABLE SET jit = off SET parseltongue.min_confidence = 0 AS $fn$
DECLARE
	n bigint;
	d text;
	diff text;
BEGIN
	FOREACH d IN ARRAY '{out,in}'::text[] LOOP
		EXECUTE format($q$
			WITH e AS MATERIALIZED (
				SELECT a::text AS u, b::text AS v, cost::float8 AS cost, CASE $2 WHEN 'out' THEN a ELSE b END AS near
				FROM %1$s WHERE a IS NOT NULL AND b IS NOT NULL AND cost::float8 < 'Infinity'),
			 few (near) AS MATERIALIZED (SELECT DISTINCT ON (near) near FROM e WHERE near::text LIKE '%%7'),
			 w AS MATERIALIZED (SELECT * FROM _parseltongue.pt_weighted_edges($1, $2)),
			 s AS MATERIALIZED (SELECT * FROM _parseltongue.pt_weighted_edges($1, $2, ARRAY(SELECT near::text FROM few))),
			 wrong AS (
				SELECT 'not walked' AS what, x::text AS x FROM (SELECT u, v, cost FROM e EXCEPT ALL SELECT * FROM w) x
				UNION ALL
				SELECT 'walked, not there', x::text FROM (SELECT * FROM w EXCEPT ALL SELECT u, v, cost FROM e) x
				UNION ALL
				SELECT 'not walked from some', x::text FROM (SELECT u, v, cost FROM e WHERE near IN (TABLE few) EXCEPT ALL SELECT * FROM s) x
				UNION ALL
				SELECT 'walked from some, not there', x::text FROM (SELECT * FROM s EXCEPT ALL SELECT u, v, cost FROM e WHERE near IN (TABLE few)) x)
			SELECT (SELECT count(*) FROM w), (SELECT string_agg(what || ': ' || x, '; ') FROM (SELECT * FROM wrong LIMIT 5) l)
		$q$, graph) INTO n, diff USING graph, d;
		IF diff IS NOT NULL THEN
			RAISE EXCEPTION 'WRONG WALK of % (%, weights): %', graph, d, diff;
		END IF;
	END LOOP;
	RETURN n;
END $fn$;
SQL

# A started node with the extension.  conf: lines for postgresql.conf;
# preload: put the library into shared_preload_libraries; init: arguments of
# init; the rest is left to the caller.
# A node that can be streamed has ten connections by default, of which those of
# sessions that are just ending take some.
sub pt_node
{
	my ($name, %opt) = @_;
	my $node = PostgreSQL::Test::Cluster->new($name);
	$node->init(%{ $opt{init} // {} });
	$node->append_conf('postgresql.conf', "autovacuum_naptime = 1s\nlog_statement = none\nmax_connections = 50\n");
	$node->append_conf('postgresql.conf', "shared_preload_libraries = 'parseltongue'\n")
	  if $opt{preload};
	$node->append_conf('postgresql.conf', $opt{conf}) if $opt{conf};
	$node->start;
	pt_setup($node);
	return $node;
}

# The extension and the oracle, in one database.
sub pt_setup
{
	my ($node, $db) = @_;
	$db //= 'postgres';
	$node->safe_psql($db, "CREATE EXTENSION parseltongue;\n$ORACLE");
	return;
}

sub pt_oracle { return $ORACLE; }

# No difference between indexes and tables.
sub pt_clean
{
	my ($node, $what, @indexes) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	foreach my $index (@indexes)
	{
		my ($rc, $out, $err) = $node->psql('postgres',
			"SELECT problem, tid, detail FROM pt_check_index('$index') LIMIT 10");
		is("$rc|$out|$err", '0||', "$what: $index and its table agree");
	}
	return;
}

# Walks equal the oracle.  starts: an SQL expression of type text[].
sub pt_walks_agree
{
	my ($node, $what, $graph, $starts) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	my ($rc, $out, $err) =
	  $node->psql('postgres', "SELECT assert_walks('$graph', $starts) > 0");
	is("$rc|$out|$err", '0|t|', "$what: walks of $graph equal the recursive query");
	return;
}

# The same of guesses, by bounds of confidence.  starts: an SQL expression of
# type integer[].
sub pt_guesses_agree
{
	my ($node, $what, $graph, $starts) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	my ($rc, $out, $err) =
	  $node->psql('postgres', "SELECT assert_guesses('$graph', $starts) > 0");
	is("$rc|$out|$err", '0|t|', "$what: guesses of $graph equal the recursive query");
	return;
}

# Weights that walks are given equal the rows, of which there are some.
sub pt_weights_agree
{
	my ($node, $what, $graph) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	my ($rc, $out, $err) = $node->psql('postgres', "SELECT assert_weights('$graph') > 0");
	is("$rc|$out|$err", '0|t|', "$what: weights of $graph are those of its rows");
	return;
}

# Write a pgbench script, return its path.
sub pt_script
{
	my ($node, $name, $text) = @_;
	my $path = $node->basedir . "/$name.sql";
	open my $fh, '>', $path or die "could not write $path: $!";
	print $fh $text;
	close $fh;
	return $path;
}

# Start a program in the background; pt_bg_stop waits for it and returns
# (exit code, stdout, stderr).
sub pt_bg
{
	my ($node, @cmd) = @_;
	my %h = (in => '', out => '', err => '');
	local %ENV = $node->_get_env();
	$h{run} = IPC::Run::start(\@cmd, '<', \$h{in}, '>', \$h{out}, '2>', \$h{err},
		IPC::Run::timeout($PostgreSQL::Test::Utils::timeout_default));
	return \%h;
}

sub pt_bg_stop
{
	my ($h) = @_;
	$h->{run}->finish;
	return ($h->{run}->full_result(0) >> 8, $h->{out}, $h->{err});
}

# Locks that a backend, by pid, still holds (its virtual transaction apart).
sub pt_session_locks
{
	my ($node, $pid) = @_;
	return $node->safe_psql('postgres',
		"SELECT locktype, relation::regclass, page, mode FROM pg_locks WHERE pid = $pid AND locktype <> 'virtualxid' ORDER BY 1, 2");
}

# Run SQL, return its SQLSTATE ('' for success) and all of stderr.
sub pt_psql_state
{
	my ($node, $db, $sql, @extra) = @_;
	my ($rc, $out, $err) =
	  $node->psql($db, "\\set VERBOSITY verbose\n$sql", @extra);
	my ($state) = $err =~ /(?:ERROR|FATAL|PANIC):  (\w{5}):/;
	return ($state // ($rc ? "exit $rc" : ''), $out, $err);
}

# Wait until a query on the node gives 't'; false if it does not, after so many
# seconds if that is said, else after as long as anything may take.
sub pt_wait_for
{
	my ($node, $sql, $seconds) = @_;
	my $end = time() + ($seconds // $PATIENCE);
	while (time() < $end)
	{
		my ($rc, $out) = $node->psql('postgres', $sql);
		return 1 if defined $out && $out eq 't';
		sleep(0.05);
	}
	return 0;
}

# The log of a node, from an offset if given, without what a server says when the
# machine keeps it waiting.
sub pt_log
{
	my ($node, $offset) = @_;
	return join '', grep { !/worker took too long to start; canceled|autovacuum worker started without a worker entry|ERROR:  canceling autovacuum task/ }
	  split /^/m, slurp_file($node->logfile, $offset // 0);
}

# Seconds of a processor's time that a process has had: unlike those of a clock, they
# are as many on a busy machine.
sub pt_cpu
{
	my ($pid) = @_;
	my $exact = -e "/proc/$pid/schedstat" ? (split / /, slurp_file("/proc/$pid/schedstat"))[0] : 0;
	return $exact / 1e9 if $exact > 0;
	my @stat = split / /, slurp_file("/proc/$pid/stat") =~ s/.*\) //sr;
	return ($stat[11] + $stat[12]) / POSIX::sysconf(POSIX::_SC_CLK_TCK());
}

# ---- beside a process that is stopped ----
#
# It may have been stopped while it had a lock of the kind that is held for an
# instant, on a page for example, and then whoever wants that waits. So where there is no
# answer for some seconds it is let go on for an instant.

sub pt_nudge
{
	my ($stopped) = @_;
	note "letting process $stopped go on for an instant";
	kill 'CONT', $stopped;
	sleep(0.0002);
	kill 'STOP', $stopped;
	return;
}

# Calls code again and again until it says that it is done.
sub nudge_until
{
	my ($stopped, $done) = @_;
	my ($begun, $since) = (time(), time());
	until ($done->())
	{
		sleep(0.002);
		die "no answer beside process $stopped" if time() > $begun + $PATIENCE;
		next if time() < $since + 5;
		pt_nudge($stopped);
		$since = time();
	}
	return;
}

# What a background session answers.
my $asked = 0;
sub pt_ask_beside
{
	my ($stopped, $session, $sql) = @_;
	my $mark = 'answered ' . ++$asked;
	$session->{stdin} .= "$sql\n;\n\\echo '$mark'\n\\warn '$mark'\n";
	nudge_until($stopped, sub {
		$session->{run}->pump_nb;
		return $session->{stdout} =~ /^$mark$/m && $session->{stderr} =~ /^$mark$/m; });
	my ($out, $err) = map { $_ =~ s/\n?^$mark\n//mr } $session->{stdout}, $session->{stderr};
	$session->{stdout} = $session->{stderr} = '';
	die "$sql: $err" if $err ne '';
	return $out;
}

# The same as pt_bg_stop.
sub pt_bg_stop_beside
{
	my ($stopped, $h) = @_;
	nudge_until($stopped, sub { $h->{run}->pump_nb; return !$h->{run}->pumpable; });
	return pt_bg_stop($h);
}

1;
