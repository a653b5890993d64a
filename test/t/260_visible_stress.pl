# Walks over pages that change all the while equal the recursive query, on a
# primary and on a standby, which is promoted halfway and written to from then on:
# beside writers with subtransactions, row locks, aborts and prepared transactions,
# beside VACUUM, FREEZE and all that rewrites a table, under new snapshots and old
# ones, while images are merged again and again.  Walk and query are in one
# statement.  How many walks each way of telling whether rows are visible was
# taken in is counted, and where they had their images from.
#
# PT_STRESS_SECONDS says how long, PT_STRESS_SEED which statements in what
# order; how they meet is chance.  With PT_STRESS_PLAIN=1 the library is not
# preloaded.
use strict;
use warnings;
use FindBin;
use lib $FindBin::RealBin;
use PtTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use List::Util qw(max);
use Time::HiRes qw(time sleep);

my $seconds = $ENV{PT_STRESS_SECONDS} || 8;
my $seed = $ENV{PT_STRESS_SEED} || int(rand(1_000_000));
my $nodes = 40;
my $edges = 160;

# for what runs in the background
$PostgreSQL::Test::Utils::timeout_default += $seconds;
note "seed $seed, $seconds s";
srand($seed);

# What a session may be told when others get in its way.
my %expected = map { $_ => 1 } (
	'40001',    # serialization, or replay on the standby
	'40P01',    # deadlock
	'55P03',    # lock not available
	'57014',    # canceled by replay
	'55000',    # the index is newer than the snapshot
	'25P02',    # after one of these
	'25P01',    # "no transaction" is a warning
	'42704',    # prepared transaction that was not prepared
	'34000',    # cursor that was not declared
	'3B001',    # savepoint that was not set
	'25006');   # standby

my $primary = pt_node('primary', init => { allows_streaming => 1 }, preload => !$ENV{PT_STRESS_PLAIN}, conf => <<'CONF');
autovacuum = off
parseltongue.debug_merge_entries = 60
fsync = off
max_wal_size = 4GB
max_prepared_transactions = 20
lock_timeout = 300ms
deadlock_timeout = 50ms
hot_standby_feedback = on
max_standby_streaming_delay = 500ms
jit = off
synchronous_commit = off
CONF

# Comparisons under the snapshot of whoever calls: of the walks from some starts,
# and of all edges at once, all in one statement.  tally: how many walks, and how many of them were told by
# map, proof, looking, fetching, and had to attach to, merge or build the image.
# Sums of hashes are compared: sets would take longer.
sub compare_function
{
	my ($t) = @_;
	return <<SQL;
CREATE FUNCTION compare_$t(first int, last int, OUT wrong text, OUT tally bigint[]) LANGUAGE plpgsql STABLE AS \$fn\$
BEGIN
	WITH RECURSIVE
	 walked AS MATERIALIZED (
		SELECT s, w.n, w.h, l.*
		FROM generate_series(first, last) s,
			LATERAL (SELECT count(*) AS n, sum(hashint8(node)) AS h FROM pt_bfs('$t', s, missing_ok => true) WHERE node <> s OFFSET 0) w,
			LATERAL (SELECT * FROM pt_last_walk() WHERE w.n IS NOT NULL OFFSET 0) l),
	 reach (s, node) AS (
		SELECT s, s FROM generate_series(first, last) s UNION SELECT r.s, e.b FROM reach r JOIN $t e ON e.a = r.node),
	 queried AS MATERIALIZED (
		SELECT s, count(*) FILTER (WHERE node <> s) AS n, sum(hashint8(node)) FILTER (WHERE node <> s) AS h FROM reach GROUP BY s),
	 degrees AS MATERIALIZED (
		SELECT count(*) AS n, sum(hashint8(node)::numeric * (in_degree * 1000 + out_degree)) AS h FROM pt_degree('$t', NULL::bigint)),
	 grouped AS MATERIALIZED (
		SELECT count(*) AS n, sum(hashint8(node)::numeric * d) AS h
		FROM (SELECT node, sum(d) AS d FROM (SELECT a AS node, 1 AS d FROM $t UNION ALL SELECT b, 1000 FROM $t) e GROUP BY node) g)
	SELECT nullif(concat_ws('; ', string_agg(format('from %s: walked %s, queried %s', s, w.n, q.n), '; ') FILTER (WHERE (w.n, w.h) IS DISTINCT FROM (q.n, q.h)),
			(SELECT format('all edges differ, of %s nodes read, %s queried', d.n, g.n) FROM degrees d, grouped g WHERE (d.n, d.h) IS DISTINCT FROM (g.n, g.h))), ''),
		ARRAY[count(*), count(*) FILTER (WHERE by_map > 0), count(*) FILTER (WHERE by_proof > 0),
			count(*) FILTER (WHERE by_looking > 0), count(*) FILTER (WHERE by_fetching > 0),
			count(*) FILTER (WHERE image_origin = 'attached'), count(*) FILTER (WHERE image_origin = 'merged'),
			count(*) FILTER (WHERE image_origin = 'built')]
	INTO wrong, tally FROM walked w JOIN queried q USING (s);
END \$fn\$;
SQL
}

$primary->safe_psql('postgres', <<SQL);
-- padded, so that it has some ten pages
CREATE TABLE st (a int, b int, w int DEFAULT 0, pad text DEFAULT repeat('x', 400)) WITH (fillfactor = 80);
CREATE UNLOGGED TABLE un (LIKE st INCLUDING DEFAULTS);
CREATE INDEX st_adj ON st USING adjacency (a, b);
CREATE INDEX un_adj ON un USING adjacency (a, b);
CREATE INDEX st_a ON st (a);
CREATE INDEX un_a ON un (a);
INSERT INTO st SELECT random() * $nodes, random() * $nodes FROM generate_series(1, $edges);
INSERT INTO un SELECT random() * $nodes, random() * $nodes FROM generate_series(1, $edges);

@{[ compare_function('st'), compare_function('un') ]}
-- each time under a snapshot of its own where the isolation level has it so
CREATE FUNCTION compare_many(graph text, times int) RETURNS SETOF text LANGUAGE plpgsql VOLATILE AS \$fn\$
DECLARE
	found record;
	sums bigint[] := '{0,0,0,0,0,0,0,0}';
BEGIN
	FOR i IN 1 .. times LOOP
		IF graph = 'st' THEN
			SELECT * INTO found FROM compare_st(0, $nodes);
		ELSE
			SELECT * INTO found FROM compare_un(0, $nodes);
		END IF;
		IF found.wrong IS NOT NULL THEN
			RETURN NEXT 'wrong: ' || graph || ' ' || found.wrong;
		END IF;
		FOR k IN 1 .. 8 LOOP sums[k] := sums[k] + found.tally[k]; END LOOP;
	END LOOP;
	RETURN NEXT 'compared ' || array_to_string(sums, ' ');
END \$fn\$;
SQL
$primary->backup('base');
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($primary, 'base', has_streaming => 1);
$standby->append_conf('postgresql.conf', "lock_timeout = 1s\n");
$standby->start;

# ---- what sessions do ----

sub one_of { return $_[ int rand @_ ] }
sub node_id { return int rand($nodes + 1) }

my $prepared = 0;

# Something a transaction does to a table.
sub change
{
	my ($t) = @_;
	my $n = node_id();
	return one_of(
		"INSERT INTO $t SELECT random() * $nodes, random() * $nodes FROM generate_series(1, " . (1 + int rand 4) . ");",
		"INSERT INTO $t VALUES ($n, " . node_id() . ");",
		"DELETE FROM $t WHERE a = $n;",
		"DELETE FROM $t WHERE a BETWEEN $n AND $n + 3 AND b % 2 = 0;",
		"UPDATE $t SET w = w + 1 WHERE a BETWEEN $n AND $n + 2;",
		"UPDATE $t SET w = w + 1 WHERE a = $n;",
		"UPDATE $t SET b = " . node_id() . " WHERE a = $n;",
		"SELECT 1 FROM $t WHERE a = $n FOR " . one_of('UPDATE', 'NO KEY UPDATE', 'SHARE', 'KEY SHARE') . ';',
		"SELECT 1 FROM $t WHERE a BETWEEN $n AND $n + 9 FOR " . one_of('SHARE', 'KEY SHARE') . ';',
		"SELECT pg_sleep(" . rand(0.01) . ");");
}

sub changes
{
	my ($t) = @_;
	my $sql = '';
	for (0 .. int rand 4)
	{
		$sql .= change($t);
		next if rand() < 0.6;
		$sql .= 'SAVEPOINT s; ' . change($t) . change($t) . one_of('ROLLBACK TO s;', 'ROLLBACK TO s;', 'RELEASE s;');
	}
	return $sql;
}

sub writer
{
	my $t = one_of('st', 'st', 'un');
	my $sql = 'BEGIN; ' . changes($t);
	if (rand() < 0.1)
	{
		my $id = 't' . $prepared++;
		return "${sql}PREPARE TRANSACTION '$id';\n" . writer() . one_of('COMMIT', 'ROLLBACK') . " PREPARED '$id';\n";
	}
	$sql .= one_of('COMMIT;', 'COMMIT;', 'COMMIT;', 'ROLLBACK;') . "\n";
	# as many edges as before
	$sql .= "DELETE FROM $t WHERE ctid IN (SELECT ctid FROM $t ORDER BY random() LIMIT (SELECT greatest(0, count(*) - $edges) FROM $t));\n"
	  if rand() < 0.1;
	$sql .= "INSERT INTO $t SELECT random() * $nodes, random() * $nodes FROM generate_series(1, (SELECT greatest(0, $edges - count(*)) FROM $t));\n"
	  if rand() < 0.1;
	return $sql . "SELECT pg_sleep(" . rand(0.02) . ");\n";
}

sub maintenance_of
{
	my ($node) = @_;
	return sub { maintenance($node->basedir) };
}

sub maintenance
{
	my ($folder) = @_;
	my $t = one_of('st', 'st', 'un');
	my $file = "$folder/$t.copy";
	my $sql = rand() < 0.85 ?
	  one_of("VACUUM $t;", "VACUUM $t;", "VACUUM $t;", "VACUUM (FREEZE) $t;", "VACUUM (INDEX_CLEANUP off) $t;", "ANALYZE $t;",
		"VACUUM (TRUNCATE off, DISABLE_PAGE_SKIPPING) $t;") :
	  one_of("VACUUM FULL $t;", "CLUSTER $t USING ${t}_a;", "REINDEX INDEX CONCURRENTLY ${t}_adj;",
		"ALTER TABLE $t ALTER w SET DEFAULT 0;",
		"BEGIN; LOCK TABLE $t; COPY $t TO '$file'; TRUNCATE $t; COPY $t FROM '$file' (FREEZE); COMMIT;");
	return "$sql\nSELECT pg_sleep(" . rand(0.05) . ");\n";
}

sub cursors
{
	my ($t) = @_;
	return "DECLARE c CURSOR FOR SELECT coalesce('wrong: $t, cursor, ' || o.wrong, 'compared ' || array_to_string(o.tally, ' '))"
	  . " FROM generate_series(1, 20) i, compare_$t(2 * i, 2 * i) o;\n"
	  . "SELECT compare_many('$t', 2);\nFETCH 5 FROM c;\nSELECT pg_sleep(" . rand(0.02) . ");\n"
	  . "SELECT compare_many('$t', 2);\nFETCH 15 FROM c;\nCLOSE c;\n";
}

sub standby_reader
{
	return "SELECT compare_many('st', 8);\n" if rand() < 0.4;
	return "BEGIN;\n" . cursors('st') . "COMMIT;\n" if rand() < 0.5;
	return "BEGIN ISOLATION LEVEL REPEATABLE READ;\nSELECT compare_many('st', 3);\nSELECT pg_sleep(" . rand(0.05)
	  . ");\nSELECT compare_many('st', 3);\nCOMMIT;\n";
}

sub reader
{
	my $t = one_of('st', 'st', 'st', 'un');
	my $many = "SELECT compare_many('$t', 3);\n";
	return one_of(
		$many,
		"BEGIN ISOLATION LEVEL REPEATABLE READ;\n${many}SELECT pg_sleep(" . rand(0.05) . ");\n${many}COMMIT;\n",
		"BEGIN;\n" . cursors($t) . "COMMIT;\n",
		"BEGIN;\n" . change($t) . "\n${many}SAVEPOINT s;\n" . change($t) . "\n$many"
		  . one_of('ROLLBACK TO s', 'RELEASE s') . ";\n$many" . one_of('COMMIT', 'ROLLBACK') . ";\n",
		"BEGIN ISOLATION LEVEL SERIALIZABLE;\nSELECT compare_many('$t', 1);\nCOMMIT;\n");
}

# A psql that does such things until the time is up. Replay on a standby may end a
# session that is between two statements: another one takes its place then.
my $until = int(time() + $seconds + 1);
sub session
{
	my ($node, $name, $make) = @_;
	my $sql = "\\set VERBOSITY sqlstate\nSELECT setseed(" . rand() . ") \\g /dev/null\n";
	for (1 .. 200 * $seconds)
	{
		$sql .= "SELECT extract(epoch FROM clock_timestamp()) > $until AS done \\gset\n\\if :done\n\\q\n\\endif\n"
		  . $make->() . "ROLLBACK;\n";
	}
	my @psql = ('psql', '-XAtq', '-d', 'postgres', '-f', pt_script($primary, $name, $sql));
	@psql = ('sh', '-c', 'for try in $(seq 100); do "$@"; status=$?; [ $status -eq 2 ] || break; done; exit $status', 'sh', @psql) if $name eq 'standby';
	return { name => $name, node => $node, bg => pt_bg($node, @psql) };
}

my @ways = ('map', 'proof', 'looking', 'fetching');
my @origins = ('attached', 'merged', 'built');
my %seen;

# What came of sessions; what was seen is added up by server.
sub collect
{
	foreach my $s (@_)
	{
		my ($rc, $out, $err) = pt_bg_stop($s->{bg});
		my @wrong = $out =~ /^(wrong: .*)$/mg;
		my %odd;
		my ($compared, @by) = (0) x 8;

		foreach my $state ($err =~ /(?:ERROR|FATAL|PANIC):  (\w{5})$/mg)
		{
			$odd{$state}++ unless $expected{$state};
		}
		while ($out =~ /^compared (\d+(?: \d+){7})$/mg)
		{
			my @found = split / /, $1;
			$compared += shift @found;
			$by[$_] += $found[$_] for 0 .. 6;
		}
		is($rc, 0, "$s->{name}: went on to the end");
		is_deeply(\%odd, {}, "$s->{name}: no error but for what others did");
		next unless $s->{name} =~ /reader|standby/;
		is("@wrong", '', "$s->{name}: $compared walks equal the recursive query");
		note "$s->{name}: $compared walks, by " . join(', ', map { "$ways[$_] $by[$_]" } 0 .. 3) . '; images '
		  . join(', ', map { "$origins[$_] $by[4 + $_]" } 0 .. 2);
		my $sum = $seen{ $s->{node}->name } //= {};
		$sum->{'walks were compared'} += $compared;
		$sum->{'images were replaced'} += $by[4] + $by[5];
		# by the map if VACUUM has come in time
		$sum->{"some walks went by $ways[$_]"} += $by[$_] foreach 1 .. 3;
	}
	return;
}

# What was prepared is ended by nobody else, and would lock the tables to the end.
sub end_prepared
{
	my ($node) = @_;
	$node->safe_psql('postgres', one_of('COMMIT', 'ROLLBACK') . " PREPARED '$_'")
	  foreach split /\n/, $node->safe_psql('postgres', 'SELECT gid FROM pg_prepared_xacts');
	return;
}

my @sessions = (
	session($primary, 'writer one', \&writer),
	session($primary, 'writer two', \&writer),
	session($primary, 'maintenance', maintenance_of($primary)),
	session($primary, 'reader one', \&reader),
	session($primary, 'reader two', \&reader),
	session($standby, 'standby', \&standby_reader));

# Of what was written on the primary just then some may not have come.
sleep(($until - time()) / 2) if $until > time();
$standby->promote;
# Some of it was prepared; and the unlogged table starts empty.
end_prepared($standby);
$standby->safe_psql('postgres', "INSERT INTO un SELECT random() * $nodes, random() * $nodes FROM generate_series(1, $edges)");
$until = max($until, int(time() + $seconds / 2));
push @sessions, session($standby, 'promoted writer', \&writer),
  session($standby, 'promoted maintenance', maintenance_of($standby)),
  session($standby, 'promoted reader', \&reader);
collect(@sessions);

# How sessions meet is chance, and on a busy machine they seldom do: where one of these has
# not been seen there is another round.
my @rounds = (1 .. 20);
foreach my $node ($primary, $standby)
{
	my $sum = $seen{ $node->name };
	while ((grep { !$sum->{$_} } keys %$sum) && shift @rounds)
	{
		note $node->name . ': once more';
		end_prepared($node);
		$node->safe_psql('postgres', "INSERT INTO $_ SELECT random() * $nodes, random() * $nodes FROM generate_series(1, (SELECT greatest(0, $edges - count(*)) FROM $_))") foreach 'st', 'un';
		$until = int(time() + $seconds / 2);
		collect(session($node, 'another writer', \&writer), session($node, 'more maintenance', maintenance_of($node)), session($node, 'another reader', \&reader));
	}
	cmp_ok($sum->{$_}, '>', 0, $node->name . ": $_") foreach sort keys %$sum;
	end_prepared($node);
}
pt_clean($_, 'after all that, ' . $_->name, 'st_adj', 'un_adj') foreach $primary, $standby;

done_testing();
