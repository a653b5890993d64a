# PtSqlite.pm: reads the databases of other tools that index code, for
# tools/pt-import, with the program sqlite3. Which tool's it is, is told by its tables.
#
# The schemas are those that the tools' public sources create, as of
#   codegraph             src/db/schema.sql (20a10e4) and src/types.ts (021b3d7)
#   codebase-memory-mcp   src/store/store.c (0019404), with edges.local_name_gen, and before it
#   code-review-graph     graph.py and migrations.py, schema version 6, and before
#                         edges had a confidence
# Columns that came late may be missing. Nodes and edges of kinds that are not listed
# below are left out, and counted.
package PtSqlite;

use strict;
use warnings;

my %endings = (
	python => [qw(py pyi)], typescript => [qw(ts tsx mts cts)], javascript => [qw(js jsx mjs cjs)], c => [qw(c h)],
	cpp => [qw(cc cpp cxx hh hpp hxx)], rust => ['rs'], go => ['go'], java => ['java'], csharp => ['cs'], ruby => ['rb'],
	php => ['php'], kotlin => [qw(kt kts)], swift => ['swift'], scala => [qw(scala sc)]);

# An expression for the language of a file by the end of its name.
sub language_of
{
	my ($column) = @_;
	return 'CASE ' . join(' ', map {
			my $language = $_;
			"WHEN " . join(' OR ', map { "lower($column) LIKE '%.$_'" } @{ $endings{$language} }) . " THEN '$language'"
		} sort keys %endings) . " ELSE 'unknown' END";
}

# An expression for what a kind is here, NULL if it is left out.
sub mapped
{
	my ($column, %map) = @_;
	return "CASE $column " . join(' ', map { "WHEN '$_' THEN '$map{$_}'" } sort keys %map) . ' END';
}

my %same = map { $_ => $_ } qw(file class struct interface trait protocol function method property field variable constant enum
  enum_member namespace module route component);

# For each tool: columns that tell it, and queries for its nodes, edges, and what is left
# out. Nodes are symbol, type, name, path, first and last line, language, and
# properties; edges are from, to, type, path, line, confidence.
my %tools = (
	'codegraph' => {
		columns => [qw(nodes.kind nodes.start_line nodes.qualified_name edges.source edges.target edges.kind)],
		kinds => mapped('kind', %same, type_alias => 'typedef'),
		types => mapped('kind', contains => 'Contains', calls => 'Calls', instantiates => 'Calls', imports => 'Uses', references => 'Uses',
			type_of => 'Uses', returns => 'Uses', decorates => 'Uses', extends => 'Extends', implements => 'Implements', overrides => 'Implements'),
		nodes => "SELECT id AS symbol, kind, name, file_path, start_line, end_line,
			CASE language WHEN 'tsx' THEN 'typescript' WHEN 'jsx' THEN 'javascript' ELSE language END AS language,
			signature, docstring AS doc, visibility, NULL AS scope, 0 AS is_test FROM nodes",
		edges => "SELECT e.source, e.target, e.kind, n.file_path, coalesce(e.line, n.start_line) AS line,
			coalesce(CASE WHEN json_valid(e.metadata) THEN json_extract(e.metadata, '\$.confidence') END, CASE e.provenance WHEN 'heuristic' THEN 0.5 END) AS confidence
			FROM edges AS e JOIN nodes AS n ON n.id = e.source",
		late => { 'edges.provenance' => "'tree-sitter'" },
	},
	'codebase-memory-mcp' => {
		columns => [qw(nodes.label nodes.project nodes.start_line edges.source_id edges.target_id edges.type)],
		kinds => mapped('kind', (map { ucfirst $_ => $_ } qw(file class struct interface trait function method field variable constant enum module)), Type => 'typedef'),
		types => mapped('kind', DEFINES => 'Contains', DEFINES_METHOD => 'Contains', CALLS => 'Calls', HTTP_CALLS => 'Calls', ASYNC_CALLS => 'Calls',
			IMPORTS => 'Uses', USAGE => 'Uses', INHERITS => 'Extends', IMPLEMENTS => 'Implements', OVERRIDE => 'Implements'),
		nodes => "SELECT id AS symbol, label AS kind, name, file_path, start_line, end_line, " . language_of('file_path') . " AS language,
			CASE WHEN json_valid(properties) THEN json_extract(properties, '\$.signature') END AS signature,
			CASE WHEN json_valid(properties) THEN json_extract(properties, '\$.docstring') END AS doc, NULL AS visibility, NULL AS scope,
			CASE WHEN json_valid(properties) THEN json_extract(properties, '\$.is_test') ELSE 0 END AS is_test FROM nodes",
		edges => "SELECT e.source_id AS source, e.target_id AS target, e.type AS kind, n.file_path, n.start_line AS line,
			CASE WHEN json_valid(e.properties) THEN json_extract(e.properties, '\$.confidence') END AS confidence
			FROM edges AS e JOIN nodes AS n ON n.id = e.source_id",
		late => {},
	},
	'code-review-graph' => {
		columns => [qw(nodes.kind nodes.line_start nodes.qualified_name edges.source_qualified edges.target_qualified edges.kind)],
		kinds => mapped('kind', File => 'file', Class => 'class', Function => 'function', Type => 'typedef', Test => 'test'),
		types => mapped('kind', CONTAINS => 'Contains', CALLS => 'Calls', IMPORTS_FROM => 'Uses', DEPENDS_ON => 'Uses', REFERENCES => 'Uses',
			INHERITS => 'Extends', IMPLEMENTS => 'Implements'),
		nodes => "SELECT qualified_name AS symbol, kind, name, file_path, line_start AS start_line, line_end AS end_line,
			coalesce(nullif(language, ''), " . language_of('file_path') . ") AS language,
			nodes.signature, NULL AS doc, NULL AS visibility, parent_name AS scope, is_test FROM nodes",
		edges => "SELECT e.source_qualified AS source, e.target_qualified AS target, e.kind, e.file_path, nullif(e.line, 0) AS line, e.confidence
			FROM edges AS e",
		late => { 'nodes.signature' => 'NULL AS signature', 'edges.confidence' => 'NULL AS confidence' },
		bare => 1,		# targets may be names
	});

# Runs queries, each for one column; calls back with each line.
sub ask
{
	my ($path, $fail, $each, @queries) = @_;
	my $pid = open my $out, '-|';

	$fail->("fork: $!") unless defined $pid;
	if ($pid == 0)
	{
		no warnings 'exec';
		exec 'sqlite3', '-readonly', '-batch', '-bail', '-init', '/dev/null', $path =~ m{^/} ? $path : "./$path", @queries;
		print STDERR "pt-import: cannot run sqlite3, of the package of that name: $!\n";
		exit 127;
	}
	while (my $line = <$out>)
	{
		chomp $line;
		$each->($line);
	}
	close $out or $fail->('sqlite3 cannot read it');
	return;
}

# Reads all of a database. $row takes the number of a section and a row as JSON.
# Returns the name of the tool.
sub read_database
{
	my ($path, $fail, $row) = @_;
	my %column;

	ask($path, $fail, sub { $column{ $_[0] } = 1 },
		"SELECT m.name || '.' || c.name FROM sqlite_master AS m, pragma_table_info(m.name) AS c WHERE m.name IN ('nodes', 'edges')");
	my ($name) = grep { my $tool = $tools{$_}; !grep { !$column{$_} } @{ $tool->{columns} } } sort keys %tools;
	$fail->('a database of none of the tools ' . join(', ', sort keys %tools)) unless defined $name;
	my $tool = $tools{$name};
	my %query = (nodes => $tool->{nodes}, edges => $tool->{edges});
	foreach my $late (keys %{ $tool->{late} })
	{
		my ($table, $column) = split /\./, $late;
		my $place = $table eq 'edges' ? 'e' : $table;
		$query{$table} =~ s/\b$place\.$column\b/$tool->{late}{$late}/g unless $column{$late};
	}
	if ($column{'nodes.project'})
	{
		my @projects;
		ask($path, $fail, sub { push @projects, $_[0] }, 'SELECT DISTINCT project FROM nodes ORDER BY 1');
		$fail->('it has several projects, ' . join(', ', @projects) . ', whose files may have the same names') if @projects > 1;
	}
	ask($path, $fail, sub { $row->(substr($_[0], 0, 1), substr $_[0], 1) }, queries($tool, \%query));
	my @left_out;
	ask($path, $fail, sub { push @left_out, $_[0] },
		map { my ($what, $of, $known) = @$_; "SELECT count(*) || ' $what ' || kind FROM ($of) WHERE ($known) IS NULL GROUP BY kind ORDER BY count(*) DESC" }
		[ 'nodes of kind', $query{nodes}, $tool->{kinds} ], [ 'edges of kind', $query{edges}, $tool->{types} ]);
	print STDERR "pt-import: left out: ", join(', ', @left_out), "\n" if @left_out;
	return $name;
}

# The queries for rows: files, each once, nodes, and edges. An absent value must
# be no member, for which nothing stands in json_object but a patch.
sub queries
{
	my ($tool, $query) = @_;
	my $place = "'file_path', file_path, 'language', language";
	my $row = sub { my ($section, $from, @members) = @_; return "SELECT $section || json_patch('{}', json_object(" . join(', ', @members) . ")) FROM $from" };
	my $nodes = "(SELECT *, $tool->{kinds} AS type FROM ($query->{nodes}) WHERE file_path <> '')";
	my $bare = $tool->{bare}
	  ? "'name', target, 'language', (SELECT language FROM nodes AS n WHERE n.qualified_name = source), 'key_type', CASE type WHEN 'Calls' THEN 'fn' ELSE 'type' END"
	  : "'name', NULL";

	return (
		$row->(3, "(SELECT file_path, max(language) AS language, max(end_line) AS last FROM $nodes WHERE type IS NOT NULL GROUP BY file_path ORDER BY file_path)",
			$place, "'symbol', ''", "'name', replace(file_path, rtrim(file_path, replace(file_path, '/', '')), '')", "'entity_type', 'file'", "'line_end', last"),
		$row->(3, "(SELECT * FROM $nodes WHERE type = 'file' ORDER BY symbol)", $place, "'symbol', CAST(symbol AS text)", "'name', name", "'entity_type', 'file'"),
		$row->(3, "(SELECT * FROM $nodes WHERE type <> 'file' ORDER BY file_path, start_line, symbol)",
			$place, "'symbol', CAST(symbol AS text)", "'name', name", "'entity_type', type",
			"'key_type', CASE type WHEN 'function' THEN 'fn' WHEN 'test' THEN 'fn' WHEN 'constant' THEN 'const' WHEN 'module' THEN 'mod' WHEN 'typedef' THEN 'type' END",
			"'line', coalesce(start_line, 1)", "'line_start', coalesce(start_line, 1)", "'line_end', coalesce(end_line, start_line, 1)",
			"'signature', signature", "'doc', substr(doc, 1, instr(doc || char(10), char(10)) - 1)", "'visibility', visibility", "'scope', scope",
			"'entity_class', CASE WHEN is_test OR type = 'test' THEN 'TEST' ELSE 'CODE' END"),
		$row->(4, "(SELECT *, $tool->{types} AS type FROM ($query->{edges}))",
			"'from', CAST(source AS text)", "'to', CAST(target AS text)", "'file_path', file_path", "'line', line",
			"'role', CASE type WHEN 'Contains' THEN 'contains' ELSE 'edge' END", "'type', type",
			"'confidence', CASE WHEN confidence > 0 AND confidence < 1 THEN confidence END", $bare) . ' WHERE type IS NOT NULL');
}

1;
