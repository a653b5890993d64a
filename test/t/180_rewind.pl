# pg_rewind: a primary that went on after its standby was promoted is taken back
# to the fork and follows the new primary. What it wrote meanwhile (inserts,
# deletes, VACUUM, compaction, REINDEX) was written to the very files that the
# new primary changed otherwise, under the same file numbers, incarnations and
# epochs. Afterwards both give the answers of the new primary's history, to
# sessions that were there before the promotion, too. Twice: after a clean
# shutdown, and after a crash, from which pg_rewind itself recovers.
use strict;
use warnings;
use FindBin;
use lib $FindBin::RealBin;
use PtTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $old = pt_node('a', init => { allows_streaming => 1 }, preload => 1, conf => <<'CONF');
autovacuum = off
wal_log_hints = on
wal_keep_size = 256MB
max_wal_size = 1GB
wal_consistency_checking = 'generic'
jit = off
CONF

$old->safe_psql('postgres', <<'SQL');
CREATE FUNCTION k(i int) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT 'key ' || i || repeat('.', i % 50) $$;
CREATE FUNCTION u(i int) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$ SELECT md5(i::text)::uuid $$;
CREATE TABLE numbers (a int NOT NULL, b int NOT NULL, t text);
CREATE INDEX numbers_adj ON numbers USING adjacency (a, b, t);
CREATE TABLE texts (a text NOT NULL, b text NOT NULL);
CREATE INDEX texts_adj ON texts USING adjacency (a, b);
CREATE TABLE uuids (a uuid NOT NULL, b uuid NOT NULL);
CREATE INDEX uuids_adj ON uuids USING adjacency (a, b);
CREATE TABLE guess (a int NOT NULL, b int NOT NULL, t text, confidence numeric(3,2));
CREATE INDEX guess_adj ON guess USING adjacency (a, b, t, confidence);
CREATE UNLOGGED TABLE unlogged (a int NOT NULL, b int NOT NULL);
CREATE INDEX unlogged_adj ON unlogged USING adjacency (a, b);
CREATE FUNCTION write(first int, last int, step int, kind text) RETURNS void LANGUAGE sql AS $$
	INSERT INTO numbers SELECT i, i + step, kind FROM generate_series(first, last) i;
	INSERT INTO texts SELECT k(i), k(i + step) FROM generate_series(first, last) i;
	INSERT INTO uuids SELECT u(i), u(i + step) FROM generate_series(first, last) i;
	INSERT INTO guess SELECT i, i + step, kind, CASE WHEN i % 3 > 0 THEN (1 + i * 7 % 100) / 100.0 END FROM generate_series(first, last) i;
	INSERT INTO pt_edge (from_key, to_key) SELECT k(i), k(i + step) FROM generate_series(first, last) i ON CONFLICT DO NOTHING;
$$;
CREATE FUNCTION cut(residue int, modulus int, lowest int) RETURNS void LANGUAGE sql AS $$
	DELETE FROM numbers WHERE a % modulus = residue AND a >= lowest;
	DELETE FROM texts USING generate_series(lowest, 3000) i WHERE i % modulus = residue AND a = k(i);
	DELETE FROM uuids USING generate_series(lowest, 3000) i WHERE i % modulus = residue AND a = u(i);
	DELETE FROM guess WHERE a % modulus = residue AND a >= lowest;
	DELETE FROM pt_edge USING generate_series(lowest, 3000) i WHERE i % modulus = residue AND from_key = k(i);
$$;
SELECT write(1, 600, 1, 'seed'), write(1, 600, 7, 'seed');
SELECT cut(5, 9, 1);
VACUUM ANALYZE;
SQL

my @indexes = qw(numbers_adj texts_adj uuids_adj guess_adj pt_edge_adjacency);
my $vacuum = 'VACUUM (INDEX_CLEANUP ON) numbers, texts, uuids, guess, pt_edge';
my $walks = <<'SQL';
SELECT assert_walks('numbers', '{1,150,599,2500}') + assert_walks('texts', ARRAY[k(1), k(300), k(2500)])
	+ assert_walks('uuids', ARRAY[u(1), u(300), u(2500)]::text[]) + assert_walks('pt_edge', ARRAY[k(1), k(300)])
	+ assert_guesses('guess', '{1,300,2500}') > 0
SQL

# Everything there is, as one text.
my $content = <<'SQL';
SELECT md5(string_agg(x, ',' ORDER BY x COLLATE "C")) FROM (
	SELECT format('n %s %s', node, distance) FROM pt_bfs('numbers', 1, direction => 'both')
	UNION ALL SELECT format('t %s %s', node, distance) FROM pt_bfs('texts', k(1), direction => 'both')
	UNION ALL SELECT format('u %s %s', node, distance) FROM pt_bfs('uuids', u(1), direction => 'both')
	UNION ALL SELECT format('g %s %s', node, distance) FROM pt_bfs('guess', 1, direction => 'both', min_confidence => 0.3)
	UNION ALL SELECT format('e %s %s', key, distance) FROM pt_blast_radius(k(600), NULL, 'both')) w (x)
SQL

# Sessions of the standby that walk before it is promoted, and ever after: a
# promotion does not end them, so their images go along.
sub sessions
{
	my ($node) = @_;
	my @sessions = map { $node->background_psql('postgres') } 1 .. 2;
	is($_->query_safe($walks), 't', 'a session walks before the promotion') foreach @sessions;
	return @sessions;
}

sub promote
{
	my ($from, $to) = @_;
	$from->safe_psql('postgres', 'CHECKPOINT');
	$from->wait_for_catchup($to, 'replay', $from->lsn('insert'));
	$to->promote;
	# What pg_rewind looks at is the control file.
	$to->safe_psql('postgres', 'CHECKPOINT');
	return;
}

# Different histories over the same pages. Each deletes three
# quarters of the edges, which makes VACUUM compact the log.
sub diverge
{
	my ($stays, $goes) = @_;
	my %epoch;
	foreach my $part ([ $goes, 1, 2, 'lost' ], [ $stays, 3, 0, 'kept' ])
	{
		my ($node, $step, $residue, $kind) = @$part;
		$node->safe_psql('postgres', <<"SQL");
SELECT write(1, 1200, $step, '$kind'), write(2500, 2600, $step, '$kind');
SELECT cut((3 + $residue) % 4, 4, 2), cut((2 + $residue) % 4, 4, 2), cut((1 + $residue) % 4, 4, 2);
$vacuum;
SELECT write(700, 1000, $step, '$kind'), write(590, 710, 1, '$kind');
SQL
		$node->safe_psql('postgres', "$vacuum; SELECT write(1, 20, $step, '$kind')");
		$epoch{$kind} = $node->safe_psql('postgres', "SELECT epoch FROM pt_graph_status('texts')");
	}
	is($epoch{lost}, $epoch{kept}, 'both have compacted their logs, to the same epoch');
	$goes->safe_psql('postgres', <<'SQL');
REINDEX INDEX uuids_adj;
REINDEX INDEX CONCURRENTLY guess_adj;
CREATE TABLE only_here (a int, b int);
INSERT INTO only_here SELECT i, i + 1 FROM generate_series(1, 500) i;
CREATE INDEX only_here_adj ON only_here USING adjacency (a, b);
SQL
	$stays->safe_psql('postgres', 'REINDEX INDEX numbers_adj; INSERT INTO numbers VALUES (1, 2500, NULL)');
	return;
}

# Make $goes, which is stopped, a standby of $stays.
sub rewind_to
{
	my ($stays, $goes, $what) = @_;
	my $conf = slurp_file($goes->data_dir . '/postgresql.conf');
	$goes->command_ok([ 'pg_rewind', '--no-sync', '--source-server', $stays->connstr('postgres'),
			'--target-pgdata', $goes->data_dir ], "$what: pg_rewind");
	# It brought the other's settings along, the port among them.
	open my $fh, '>', $goes->data_dir . '/postgresql.conf' or die $!;
	print $fh $conf;
	close $fh;
	$goes->enable_streaming($stays);
	$goes->set_standby_mode;
	$goes->start;
	return;
}

sub same_answers
{
	my ($primary, $standby, $what) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	$primary->wait_for_catchup($standby, 'replay', $primary->lsn('insert'));
	foreach my $node ($primary, $standby)
	{
		my $name = "$what, " . ($node == $primary ? 'primary' : 'standby');
		my ($rc, $out, $err) = $node->psql('postgres', $walks);
		is("$rc|$out|$err", '0|t|', "$name: walks equal the recursive query");
		pt_clean($node, $name, @indexes);
	}
	is($standby->safe_psql('postgres', $content), $primary->safe_psql('postgres', $content), "$what: both give the same answers");
	return;
}

# In turn each is the standby that is promoted while the other goes on.
$old->backup('base');
my $new = PostgreSQL::Test::Cluster->new('b');
$new->init_from_backup($old, 'base', has_streaming => 1);
$new->start;
same_answers($old, $new, 'at first');

foreach my $round ([ 'a clean shutdown', 'fast' ], [ 'a crash', 'immediate' ])
{
	my ($what, $mode) = @$round;
	my @sessions = sessions($new);
	promote($old, $new);
	is($_->query_safe($walks), 't', "$what: a session walks on after the promotion") foreach @sessions;
	pt_clean($new, "$what: after the promotion", @indexes);
	diverge($new, $old);
	is($old->safe_psql('postgres', $walks), 't', "$what: the old primary has a history of its own");
	isnt($old->safe_psql('postgres', $content), $new->safe_psql('postgres', $content), "$what: which is another");
	$old->safe_psql('postgres', 'BEGIN; SELECT write(1, 500, 2, $$aborted$$); ROLLBACK');
	$old->stop($mode);
	rewind_to($new, $old, $what);
	is($_->query_safe($walks), 't', "$what: a session from before the promotion walks the new history") foreach @sessions;
	same_answers($new, $old, "$what: rewound");
	is($old->safe_psql('postgres', "SELECT to_regclass('only_here') IS NULL"), 't', "$what: what was only there is gone");
	is($old->safe_psql('postgres', "SELECT count(*) FROM numbers WHERE t = 'lost'"), '0', "$what: and so are its edges");

	# Images of the standby follow what comes next.
	my $follower = $old->background_psql('postgres');
	is($follower->query_safe($walks), 't', "$what: a session of the rewound standby");
	$new->safe_psql('postgres', "SELECT cut(2, 7, 1); $vacuum; SELECT write(1, 90, 11, 'later'); REINDEX INDEX texts_adj; SELECT write(91, 120, 11, 'later')");
	same_answers($new, $old, "$what: writes, VACUUM and REINDEX since");
	is($follower->query_safe($walks), 't', "$what: seen by a session with an image from before them");
	$_->quit foreach @sessions, $follower;
	($old, $new) = ($new, $old);
}

# The rewound server, promoted in its turn, is as good as any.
promote($old, $new);
$old->stop;
pt_clean($new, 'promoted at last', @indexes, 'unlogged_adj');
$new->safe_psql('postgres', "SELECT cut(0, 2, 1); $vacuum; SELECT write(1, 50, 5, 'last')");
is($new->safe_psql('postgres', $walks), 't', 'promoted at last: walks equal the recursive query');
is($new->safe_psql('postgres', "INSERT INTO unlogged VALUES (1, 2), (2, 3); SELECT count(*) FROM pt_bfs('unlogged', 1)"), '3', 'the unlogged graph takes edges');
pt_clean($new, 'promoted at last, after VACUUM', @indexes, 'unlogged_adj');
unlike(slurp_file($_->logfile), qr/PANIC|inconsistent page|TRAP|XX\d\d\d/, 'nothing in the log of ' . $_->name) foreach $old, $new;
$new->stop;

done_testing();
