# PtScip.pm: reads SCIP indexes for tools/pt-import.
#
# SCIP is protobuf, of which this reads the few fields that matter, in the wire
# format: two of its kinds of values, and no more than perl-base has. What libprotobuf or
# protobuf-c would bring along, generated code and a compiler for it, is a
# multiple of this file.
#
# An index is a list of documents, each the file's occurrences of symbols and what is
# known of the symbols it defines. One is in memory at a time. A symbol that it
# names may be defined in any other, so rows name symbols, not keys: definitions
# are section 3, references section 4, and pt_import_index_staged does the rest.
#
# Numbers of fields and roles are those of scip.proto, as of version 0.6 of
# SCIP; ranges of their own message type, in fields 8 to 11, came after it.
package PtScip;

use strict;
use warnings;

# ---------------------------------------------------------------------------
# Wire format.
# ---------------------------------------------------------------------------

my @wire_names = ('a number', 'eight bytes', 'text', 'a group', 'a group', 'four bytes');

my $fault;		# what to do with an error: a function, which does not return

sub on_error
{
	($fault) = @_;
	return;
}

sub varint
{
	my $value = ord substr $_[0], $_[1]++, 1;
	return $value if $value < 0x80;
	$value &= 0x7F;
	for (my $shift = 7; $shift < 64; $shift += 7)
	{
		$fault->('unexpected end') if $_[1] >= length $_[0];
		my $byte = ord substr $_[0], $_[1]++, 1;
		$value |= ($byte & 0x7F) << $shift;
		return $value if $byte < 0x80;
	}
	return $fault->('a number of more than ten bytes');
}

# The fields of a message, as numbers and values, in pairs, or, one by one, as
# arguments of $each. Those that are not in $known, which has the wire type of each, 3
# for numbers packed or not, are passed over.
sub fields
{
	my ($known, $what, $each) = @_[1 .. 3];
	my ($at, $end) = (0, length $_[0]);
	my @fields;

	while ($at < $end)
	{
		my $tag = varint($_[0], $at);
		my ($number, $wire) = ($tag >> 3, $tag & 7);
		my $wanted = $known->{$number};
		my $value;

		$fault->("field 0 in $what") if $number == 0;
		if ($wire == 0)
		{
			$fault->("unexpected end of $what") if $at >= $end;
			$value = varint($_[0], $at);
		}
		elsif ($wire == 2)
		{
			$fault->("unexpected end of $what") if $at >= $end;
			my $length = varint($_[0], $at);
			$fault->("unexpected end of $what") if $length < 0 || $length > $end - $at;
			$value = substr $_[0], $at, $length if defined $wanted;
			$at += $length;
		}
		elsif ($wire == 1 || $wire == 5)
		{
			$at += $wire == 1 ? 8 : 4;
			$fault->("unexpected end of $what") if $at > $end;
		}
		else
		{
			$fault->("field $number of $what has the wire type $wire");
		}
		next unless defined $wanted;
		$fault->("field $number of $what is $wire_names[$wire]") if $wire != $wanted && !($wanted == 3 && ($wire == 0 || $wire == 2));
		$value = [$value] if $wanted == 3 && $wire == 0;
		if ($each) { $each->($number, $value) }
		else { push @fields, $number, $value }
	}
	return @fields;
}

# Numbers, packed, or one that is not.
sub numbers
{
	my ($packed) = @_;
	my @numbers;
	my $at = 0;

	return @$packed if ref $packed;
	push @numbers, varint($packed, $at) while $at < length $packed;
	return @numbers;
}

# ---------------------------------------------------------------------------
# Text.
# ---------------------------------------------------------------------------

my $wide = '[\xC2-\xDF][\x80-\xBF]|\xE0[\xA0-\xBF][\x80-\xBF]|[\xE1-\xEC\xEE\xEF][\x80-\xBF]{2}|\xED[\x80-\x9F][\x80-\xBF]'
  . '|\xF0[\x90-\xBF][\x80-\xBF]{2}|[\xF1-\xF3][\x80-\xBF]{3}|\xF4[\x80-\x8F][\x80-\xBF]{2}';

# Text as JSON in a column of COPY: what is neither UTF-8 nor allowed in jsonb is
# replaced.
sub text
{
	my ($text) = @_;

	$text =~ s/($wide)|[\0\x80-\xFF]/$1 \/\/ "\xEF\xBF\xBD"/ge if $text =~ /[\0\x80-\xFF]/;
	if ($text =~ /[\x01-\x1F"\\]/)
	{
		$text =~ s/\\/\\\\\\\\/g;
		$text =~ s/"/\\\\"/g;
		$text =~ s/([\x01-\x1F])/sprintf '\\\\u%04x', ord $1/ge;
	}
	return qq{"$text"};
}

# An object of the members that there are: names, and texts, numbers as
# references.
sub object
{
	my @members;

	while (my ($name, $value) = splice @_, 0, 2)
	{
		next unless defined $value;
		push @members, qq{"$name":} . (ref $value ? $$value : text($value));
	}
	return '{' . join(',', @members) . '}';
}

# ---------------------------------------------------------------------------
# Symbols.
# ---------------------------------------------------------------------------

# name suffix: / namespace, # type, . term, () method, ! macro, : anything, [] type
# parameter, ( parameter
my $part = qr/((?:[^ ]|  )*+)/;
my $name = qr/(?:`((?:[^`]|``)*+)`|([^`\/#.:!()\[\] ]++))/;

# What a symbol says: scheme, package, and the name, suffix and end of each of its
# descriptors. Nothing if it is no symbol.
sub parse_symbol
{
	my ($symbol) = @_;
	my @descriptors;

	$symbol =~ /\A$part $part $part $part /gc or return;
	my ($scheme, $package) = ($1, $3);
	s/  / /g foreach $scheme, $package;
	while (pos $symbol < length $symbol)
	{
		my ($text, $suffix);

		if ($symbol =~ /\G\[$name\]/gc) { $suffix = '[]' }
		elsif ($symbol =~ /\G\($name\)/gc) { $suffix = '(' }
		elsif ($symbol =~ /\G$name(?:(\()[^()]*+\)\.|([\/#.:!]))/gc) { $suffix = $3 ? '()' : $4 }
		else { return }
		$text = $1 // $2;
		$text =~ s/``/`/g if defined $1;
		push @descriptors, [ $text, $suffix, pos $symbol ];
	}
	return unless @descriptors;
	return { scheme => $scheme, package => $package eq '.' || $package eq '' ? $scheme : $package, descriptors => \@descriptors };
}

my %separator = (c => '::', cpp => '::', rust => '::', ruby => '::', php => '\\');

# Its name, without what only says how it is used, and the names around it.
sub name_symbol
{
	my ($parsed, $language) = @_;
	my @around = map { $_->[0] } grep { $_->[1] ne '/' && $_->[1] ne ':' } @{ $parsed->{descriptors} };
	my $last = $parsed->{descriptors}[-1];
	my $called = $last->[0];

	if ($last->[1] eq '/' || $last->[1] eq ':')
	{
		# a module is called by its name, not by what stands for it
		my @names = map { $_->[0] } grep { $_->[1] eq '/' } @{ $parsed->{descriptors} };
		return (@names ? $names[-1] : $called, undef);
	}
	pop @around;
	$called =~ s/\A<(?:get|set)>(?=.)//;
	$called = $around[-1] if $called eq '<init>' && @around;
	$called =~ s/\A<(\w+)>\z/$1/;
	return ($called, @around ? join($separator{$language} // '.', @around) : undef);
}

# ---------------------------------------------------------------------------
# What things are.
# ---------------------------------------------------------------------------

my %kind = (
	(map { $_ => 'method' } 9, 18, 26, 34, 45, 47, 66 .. 72, 74, 76, 80),
	17 => 'function', 25 => 'macro', 7 => 'class', 62 => 'class', 75 => 'class', 33 => 'object', 11 => 'enum',
	21 => 'interface', 53 => 'trait', 56 => 'trait', 42 => 'protocol', 28 => 'struct', 49 => 'struct', 59 => 'union',
	3 => 'typedef', 54 => 'typedef', 55 => 'typedef', 73 => 'typedef', 29 => 'module', 64 => 'module', 30 => 'namespace', 35 => 'package',
	8 => 'constant', 12 => 'enum_member', 13 => 'event', 78 => 'event', (map { $_ => 'field' } 15, 77, 79),
	(map { $_ => 'property' } 4, 41, 81), (map { $_ => 'variable' } 60, 61, 82));

# What indexers for Python and TypeScript say in the first line of a signature, where
# they give no kind. A variable that holds a function is one.
my @told = (
	[ qr/\A\(method\)|\A(?:get|set) |\Aconstructor\b/ => 'method' ],
	[ qr/\A(?:async )?def |\A(?:async )?function\b|\A\(function\)/ => 'function' ],
	[ qr/\A(?:var|let|const) [^:]+: (?:<[^()]*>)?\(.*\) => / => 'function' ],
	[ qr/\A(?:abstract )?class |\A\(class\)/ => 'class' ],
	[ qr/\Ainterface / => 'interface' ], [ qr/\A(?:const )?enum / => 'enum' ], [ qr/\Atype / => 'typedef' ],
	[ qr/\Anamespace |\Amodule / => 'namespace' ], [ qr/\A\(enum member\)/ => 'enum_member' ],
	[ qr/\A\(property\)/ => 'property' ]);

sub entity_type
{
	my ($parsed, $kind, $signature) = @_;
	my $suffix = $parsed->{descriptors}[-1][1];
	my $in_type = @{ $parsed->{descriptors} } > 1 && $parsed->{descriptors}[-2][1] eq '#';
	my $type = $kind{ $kind // 0 };

	if (!defined $type && defined $signature)
	{
		my ($line) = $signature =~ /\A(?:\s*@[^\n]*\n)*\s*([^\n]*)/;
		($type) = map { $line =~ $_->[0] ? $_->[1] : () } @told;
	}
	# the suffix is what a reference goes by, so the two may not contradict each other
	undef $type if defined $type && ($suffix eq '#') != ($type =~ /^(?:class|object|enum|interface|trait|protocol|struct|union|typedef)$/);
	$type //= { '#' => 'class', '()' => 'function', '.' => $in_type ? 'field' : 'variable', '!' => 'macro', '/' => 'namespace' }->{$suffix};
	return $type eq 'function' && $in_type ? 'method' : $type;
}

my %languages = (
	cplusplus => 'cpp', 'c++' => 'cpp', 'c#' => 'csharp', javascriptreact => 'javascript', typescriptreact => 'typescript',
	objective_c => 'objc', objective_cpp => 'objcpp', shellscript => 'bash');
my %endings = (
	py => 'python', pyi => 'python', (map { $_ => 'typescript' } qw(ts tsx mts cts)), (map { $_ => 'javascript' } qw(js jsx mjs cjs)),
	c => 'c', h => 'c', (map { $_ => 'cpp' } qw(cc cpp cxx hh hpp hxx)), rs => 'rust', go => 'go', java => 'java', cs => 'csharp',
	rb => 'ruby', php => 'php', (map { $_ => 'kotlin' } qw(kt kts)), swift => 'swift', (map { $_ => 'scala' } qw(scala sc)));

sub language
{
	my ($said, $path, $scheme) = @_;
	my $language = lc($said // '');

	return $languages{$language} // $language if $language ne '';
	my ($ending) = $path =~ /\.(\w+)\z/;
	return $endings{ lc($ending // '') } // (($scheme // '') =~ /\A(?:scip|lsif)-(\w+)/ ? $1 : 'unknown');
}

# ---------------------------------------------------------------------------
# Documents.
# ---------------------------------------------------------------------------

my %occurrence = (1 => 3, 2 => 2, 3 => 0, 7 => 3, 8 => 2, 9 => 2, 10 => 2, 11 => 2);
my %information = (1 => 2, 3 => 2, 4 => 2, 5 => 0, 7 => 2);
my %relationship = (1 => 2, 3 => 0, 4 => 0);

use constant { DEFINITION => 1, IMPORT => 2, GENERATED => 16, TEST => 32, FORWARD_DEFINITION => 64 };

# a place as one number, in which columns are the lower bits
use constant COLUMN_BITS => 24;
use constant LAST_COLUMN => (1 << COLUMN_BITS) - 1;

# Places of the beginning and the end of a range; nothing if it is none.
sub range
{
	my @range = @_;

	splice @range, 2, 0, $range[0] if @range == 3;
	return if @range != 4 || grep { $_ < 0 || $_ > 0x7FFFFFFE } @range;
	$_ > LAST_COLUMN and $_ = LAST_COLUMN foreach @range[ 1, 3 ];
	my ($from, $to) = ($range[0] << COLUMN_BITS | $range[1], $range[2] << COLUMN_BITS | $range[3]);
	return if $to < $from;
	return ($from, $to);
}

# A range of a message type: fields that are 0 are not there.
sub typed_range
{
	my ($message, $fields) = @_;
	my %value = fields($message, { map { $_ => 0 } 1 .. $fields }, 'a range');

	return map { $value{$_} // 0 } 1 .. $fields;
}

# Symbol, roles, and the places of an occurrence, and of what it is the name of.
sub occurrence
{
	my ($symbol, $roles, @range, @enclosing) = ('', 0);
	my @fields = fields($_[0], \%occurrence, 'an occurrence');

	while (my ($field, $value) = splice @fields, 0, 2)
	{
		if ($field == 1) { push @range, numbers($value) }
		elsif ($field == 2) { $symbol = $value }
		elsif ($field == 3) { $roles = $value }
		elsif ($field == 7) { push @enclosing, numbers($value) }
		elsif ($field <= 9) { @range = typed_range($value, $field == 8 ? 3 : 4) }
		else { @enclosing = typed_range($value, $field == 10 ? 3 : 4) }
	}
	return ($symbol, $roles, [ range(@range) ], [ range(@enclosing) ]);
}

# What is known of a symbol: kind, signature, first line of its documentation, and
# the symbols that it implements or has as a type.
sub information
{
	my %about = (implements => [], types => []);
	my @fields = fields($_[0], \%information, 'a symbol');
	my $symbol = '';

	while (my ($field, $value) = splice @fields, 0, 2)
	{
		if ($field == 1) { $symbol = $value }
		elsif ($field == 5) { $about{kind} = $value }
		elsif ($field == 7) { my %signature = fields($value, { 5 => 2 }, 'a signature'); $about{signature} = $signature{5} }
		elsif ($field == 4)
		{
			my %to = fields($value, \%relationship, 'a relationship');
			push @{ $about{implements} }, $to{1} if $to{3} && defined $to{1};
			push @{ $about{types} }, $to{1} if $to{4} && defined $to{1};
		}
		elsif ($value =~ /\A\s*```\w*\n(.*?)\s*(?:```|\z)/s) { $about{signature} //= $1 if $1 ne '' }
		elsif ($value =~ /\A\s*+(?!\(module\) |-+\s*\z)([^\n]{1,1000})/) { $about{doc} //= $1 =~ s/\s+\z//r }
	}
	delete $about{signature} unless length($about{signature} // '');
	return ($symbol, \%about);
}

# Can a symbol be an entity? Locals, parameters and the like are none.
sub is_global
{
	my ($parsed) = @_;
	return $parsed->{descriptors}[-1][1] !~ /^(?:\[\]|\()$/;
}

# Does a symbol stand for the file: a module whose name is no text in it?
sub is_file
{
	my ($parsed, $definition) = @_;
	return $parsed->{descriptors}[-1][1] =~ /^[\/:]$/ && $definition->{from} == 0 && $definition->{to} == 0;
}

# The ranges of definitions that are given none, functions and types only: from
# their line up to that of the next that is not in them, within what surrounds them,
# which ends with a line of its own but in Python.
sub guess_ranges
{
	my ($definitions, $last, $language) = @_;
	my @known = grep { defined $_->{end} } @$definitions;
	my @blocks = grep { $_->{is_block} } @$definitions;

	foreach my $i (0 .. $#blocks)
	{
		my $definition = $blocks[$i];
		next if defined $definition->{end};
		my ($next) = grep { index($_->{symbol}, $definition->{symbol}) != 0 && $_->{from} >> COLUMN_BITS > $definition->{from} >> COLUMN_BITS }
		  @blocks[ $i + 1 .. $#blocks ];
		my $end = $next ? ($next->{from} >> COLUMN_BITS << COLUMN_BITS) - 1 : $last;
		foreach my $around (@known)
		{
			next if $around->{begin} > $definition->{from} || $around->{end} < $definition->{to};
			my $inside = $language eq 'python' ? $around->{end} : ($around->{end} >> COLUMN_BITS << COLUMN_BITS) - 1;
			$end = $inside if $inside < $end;
		}
		$definition->{begin} = $definition->{from} >> COLUMN_BITS << COLUMN_BITS;
		$definition->{guessed} = $end > $definition->{to} ? $end : $definition->{to};
	}
	foreach my $definition (@blocks)
	{
		$definition->{end} //= $definition->{guessed};
	}
	return;
}

# A function that finds the innermost definition around a place, or nothing.
sub enclosing
{
	my @around = sort { $a->{begin} <=> $b->{begin} || $b->{end} <=> $a->{end} } grep { defined $_->{end} } @_;
	my @open;

	foreach my $definition (@around)
	{
		pop @open while @open && $open[-1]{end} < $definition->{begin};
		$definition->{outer} = @open ? $open[-1] : undef;
		push @open, $definition;
	}
	return sub {
		my ($place) = @_;
		my ($low, $high) = (0, scalar @around);

		while ($low < $high)
		{
			my $middle = ($low + $high) >> 1;
			if ($around[$middle]{begin} <= $place) { $low = $middle + 1 }
			else { $high = $middle }
		}
		my $definition = $low > 0 ? $around[ $low - 1 ] : undef;
		$definition = $definition->{outer} while $definition && $definition->{end} < $place;
		return $definition;
	};
}

my %type_in_key = (function => 'fn', method => 'method', constant => 'const', module => 'mod', typedef => 'type');
my %class_of_suffix = ('#' => 'type', '()' => 'callable', '!' => 'callable', '/' => 'module', ':' => 'module');
my %placeholder_type = ('#' => 'type', '()' => 'fn', '!' => 'macro', '/' => 'module', ':' => 'module');

# Reads the message of a document. $row takes the number of a section and a row as
# JSON; $reject a reason and what is meant.
sub read_document
{
	my ($row, $reject) = @_[1, 2];
	my (%about, %parsed, @definitions, @symbols, %number);
	my $references = '';
	my $file = { last => 0 };

	my %head = fields($_[0], { 1 => 2, 4 => 2 }, 'a document');
	$file->{path} = $head{1} // '';
	if ($file->{path} eq '')
	{
		$reject->('the document has no relative_path', '');
		return;
	}
	fields(
		$_[0],
		{ 2 => 2, 3 => 2 },
		'a document',
		sub {
			my ($field, $message) = @_;
			if ($field == 3)
			{
				my ($symbol, $about) = information($message);
				$about{$symbol} = $about;
				return;
			}
			my ($symbol, $roles, $range, $enclosing) = occurrence($message);
			if (!@$range)
			{
				$reject->('the range of an occurrence is not three or four numbers, in order', "$file->{path}: $symbol");
				return;
			}
			my ($from, $to) = @$range;
			foreach my $end ($to, @$enclosing) { $file->{last} = $end if $end > $file->{last} }
			return if $symbol eq '' || $symbol =~ /^local / || $roles & FORWARD_DEFINITION && !($roles & DEFINITION);
			if (!exists $parsed{$symbol})
			{
				$parsed{$symbol} = parse_symbol($symbol);
				$reject->('the symbol is malformed', "$file->{path}: $symbol") unless $parsed{$symbol};
			}
			return unless $parsed{$symbol} && is_global($parsed{$symbol});
			if ($roles & DEFINITION)
			{
				push @definitions, { symbol => $symbol, roles => $roles, from => $from, to => $to,
					@$enclosing ? (begin => $enclosing->[0], end => $enclosing->[1]) : () };
				return;
			}
			push @symbols, $symbol if !exists $number{$symbol};
			$references .= pack 'Q>NN', $from, $number{$symbol} //= $#symbols, $roles & IMPORT;
		});
	my ($scheme) = map { $parsed{$_}{scheme} } (map { $_->{symbol} } @definitions), @symbols;
	$file->{language} = language($head{4}, $file->{path}, $scheme);
	my @global = write_definitions($file, \@definitions, \%about, \%parsed, $row);
	write_references($file, \@global, \@symbols, \$references, \%about, \%parsed, $row);
	return;
}

sub first_line { return ($_[0] >> COLUMN_BITS) + 1 }

# of a range that ends before the first column of a line, the line before
sub last_line { return ($_[0] >> COLUMN_BITS) + ($_[0] & LAST_COLUMN ? 1 : 0) || 1 }

# The rows of the file and its definitions. Returns those that are entities.
sub write_definitions
{
	my ($file, $definitions, $about, $parsed, $row) = @_;
	my ($base) = $file->{path} =~ m{([^/]*)\z};
	my @common = (file_path => $file->{path}, language => $file->{language});
	my @global;

	$row->(3, object(@common, symbol => '', name => $base, entity_type => 'file', line_end => \last_line($file->{last})));
	foreach my $definition (sort { $a->{from} <=> $b->{from} } @$definitions)
	{
		my $symbol = $definition->{symbol};
		my $suffix = $parsed->{$symbol}{descriptors}[-1][1];
		if (is_file($parsed->{$symbol}, $definition))
		{
			$row->(3, object(@common, symbol => $symbol, package => $parsed->{$symbol}{package}, name => $base, entity_type => 'file',
					doc => $about->{$symbol}{doc}));
			next;
		}
		next if $suffix eq ':';
		$definition->{type} = entity_type($parsed->{$symbol}, $about->{$symbol}{kind}, $about->{$symbol}{signature});
		$definition->{is_block} = $suffix ne '.' || defined $definition->{end};
		push @global, $definition;
	}
	guess_ranges(\@global, $file->{last}, $file->{language});
	foreach my $definition (@global)
	{
		my $symbol = $definition->{symbol};
		my $more = $about->{$symbol} // {};
		my ($called, $scope) = name_symbol($parsed->{$symbol}, $file->{language});
		my ($begin, $end) = ($definition->{from}, $definition->{to});
		if (defined $definition->{end})
		{
			$begin = $definition->{begin} if $definition->{begin} < $begin;
			$end = $definition->{end} if $definition->{end} > $end;
		}
		$row->(3, object(@common, symbol => $symbol, package => $parsed->{$symbol}{package}, name => $called,
				entity_type => $definition->{type}, key_type => $type_in_key{ $definition->{type} }, scope => $scope,
				entity_class => $definition->{roles} & TEST ? 'TEST' : 'CODE', generated => $definition->{roles} & GENERATED ? \'true' : undef,
				signature => $more->{signature}, doc => $more->{doc},
				line => \first_line($definition->{from}), line_start => \first_line($begin), line_end => \last_line($end)));
	}
	return @global;
}

# The rows of what is used where, each once, with its first line.
sub write_references
{
	my ($file, $global, $symbols, $references, $about, $parsed, $row) = @_;
	my $find = enclosing(@$global);
	my (%line, @names);

	foreach my $symbol (@$symbols)
	{
		my $about_it = $parsed->{$symbol};
		my ($called, $scope) = name_symbol($about_it, $file->{language});
		my $suffix = $about_it->{descriptors}[-1][1];
		push @names, [ package => $about_it->{package}, class => $class_of_suffix{$suffix} // 'value', key_type => $placeholder_type{$suffix} // 'value',
			name => join $separator{ $file->{language} } // '.', $scope // (), $called ];
	}
	for (my $at = 0; $at < length $$references; $at += 16)
	{
		my ($place, $number, $import) = unpack 'Q>NN', substr $$references, $at, 16;
		my $from = $find->($place);
		my $edge = join "\0", $number, $import, $from ? ($from->{from}, $from->{symbol}) : ();
		my $line = first_line($place);
		$line{$edge} = $line if !exists $line{$edge} || $line < $line{$edge};
	}
	foreach my $edge (sort { $line{$a} <=> $line{$b} || $a cmp $b } keys %line)
	{
		my ($number, $import, $place, $symbol) = split /\0/, $edge, 4;
		$row->(4, object(file_path => $file->{path}, language => $file->{language}, from => $symbol, from_line => defined $place ? \first_line($place) : undef,
				to => $symbols->[$number], role => $import ? 'import' : 'reference', line => \$line{$edge}, @{ $names[$number] }));
	}
	foreach my $definition (@$global)
	{
		my $symbol = $definition->{symbol};
		my @descriptors = @{ $parsed->{$symbol}{descriptors} };
		my @from = (file_path => $file->{path}, language => $file->{language}, from => $symbol, from_line => \first_line($definition->{from}),
			line => \first_line($definition->{from}));
		$row->(4, object(file_path => $file->{path}, from => substr($symbol, 0, $descriptors[-2][2]), to => $symbol,
				to_line => \first_line($definition->{from}), role => 'contains', line => \first_line($definition->{from}))) if @descriptors > 1;
		foreach my $relation ([ implements => 'implementation' ], [ types => 'type' ])
		{
			foreach my $other (@{ $about->{$symbol}{ $relation->[0] } // [] })
			{
				my $to = parse_symbol($other);
				next if !$to || !is_global($to) || $other eq $symbol;
				my ($called, $scope) = name_symbol($to, $file->{language});
				my $suffix = $to->{descriptors}[-1][1];
				$row->(4, object(@from, to => $other, role => $relation->[1], package => $to->{package}, class => $class_of_suffix{$suffix} // 'value',
						key_type => $placeholder_type{$suffix} // 'value', name => join $separator{ $file->{language} } // '.', $scope // (), $called));
			}
		}
	}
	return;
}

1;
