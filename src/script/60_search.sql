
-- ---------------------------------------------------------------------------
-- Searching.
--
-- Written in plpgsql over dynamic SQL: the tables are known at run time only,
-- and so is the schema of pg_trgm, which need not be there at all. What a
-- search finds does not depend on the indexes; how long it takes does.
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.pt_enable_search(graph regclass DEFAULT NULL) RETURNS SETOF regclass
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 100000 ROWS 2
SET search_path = pg_catalog, pg_temp
SET client_min_messages = warning
AS $$
DECLARE
	entities CONSTANT regclass := (_parseltongue.pt_graph_tables(graph)).entities;
	trigrams name;
	wanted record;
BEGIN
	PERFORM _parseltongue.pt_require_columns(entities, '{name}');
	CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA @extschema@;
	SELECT nspname INTO trigrams FROM pg_extension JOIN pg_namespace AS n ON n.oid = extnamespace WHERE extname = 'pg_trgm';
	-- Parts of names and keys: a btree takes at most a third of a page.
	FOR wanted IN SELECT * FROM (VALUES
		('pt_entity_search_name', 'btree (left(lower(coalesce(name, @extschema@.pt_key_name(key))), 150) COLLATE "C", '
			'left(coalesce(name, @extschema@.pt_key_name(key)), 150) COLLATE "C", left(key, 300) COLLATE "C")'),
		('pt_entity_search_trigram', format('gin (lower(coalesce(name, @extschema@.pt_key_name(key))) %1$I.gin_trgm_ops, lower(key) %1$I.gin_trgm_ops)', trigrams))
		) AS v (name, definition) LOOP
		RETURN NEXT _parseltongue.pt_make_index(wanted.name, entities, wanted.definition);
	END LOOP;
	EXECUTE format('ANALYZE %s', entities);
END $$;
COMMENT ON FUNCTION @extschema@.pt_enable_search(regclass) IS
'Make pt_search fast on a codebase: create the extension pg_trgm and two indexes on its entities, if they are not there, and ANALYZE. Returns the indexes. Errors: 42501 not the owner of the table, 42P07 another relation has such a name, 0A000 no pg_trgm on this machine. Locks out writers; O(n log n).';

-- ---------------------------------------------------------------------------
-- The search itself, in pieces: the arguments, what to look for, the tiers of
-- matches as SQL, and the rounds through them.
-- ---------------------------------------------------------------------------

CREATE FUNCTION _parseltongue.pt_search_check(query text, max_results bigint, kinds text[]) RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 100
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	all_kinds CONSTANT text[] := '{local,unresolved,external,import,file}';
BEGIN
	IF query IS NULL THEN
		RAISE EXCEPTION 'query must not be NULL' USING ERRCODE = 'null_value_not_allowed';
	ELSIF btrim(query) = '' THEN
		RAISE EXCEPTION 'query must not be empty' USING ERRCODE = 'invalid_parameter_value',
			HINT = 'Give a name, a part of one, or a key.';
	ELSIF length(btrim(query)) > 10000 THEN
		RAISE EXCEPTION 'query has % characters, more than 10000', length(btrim(query)) USING ERRCODE = 'invalid_parameter_value',
			HINT = 'Give a part of it.';
	ELSIF max_results < 0 THEN
		RAISE EXCEPTION 'max_results must not be negative: %', max_results USING ERRCODE = 'invalid_parameter_value',
			HINT = 'Use 0 or more, or NULL for no bound.';
	ELSIF array_position(kinds, NULL) IS NOT NULL THEN
		RAISE EXCEPTION 'kinds must not contain NULL' USING ERRCODE = 'null_value_not_allowed',
			HINT = 'Name the kinds to find, or pass NULL instead of an array for all.';
	ELSIF NOT kinds <@ all_kinds THEN
		RAISE EXCEPTION 'unrecognized kind: "%"', (SELECT k FROM unnest(kinds) AS k WHERE k <> ALL (all_kinds) LIMIT 1) USING
			ERRCODE = 'invalid_parameter_value', HINT = format('The kinds are %s.', array_to_string(all_kinds, ', '));
	END IF;
END $$;
COMMENT ON FUNCTION _parseltongue.pt_search_check(text, bigint, text[]) IS
'Internal: the arguments of pt_search, or an error.';

CREATE FUNCTION _parseltongue.pt_search_literal(part text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 2
AS $$ SELECT pg_catalog.regexp_replace(part, '([%_\\])', '\\\1', 'g') $$;
COMMENT ON FUNCTION _parseltongue.pt_search_literal(text) IS
'Internal: a pattern for LIKE that means the text itself. Needs standard_conforming_strings.';

-- A pattern is as long as an index needs to find few candidates: each trigram
-- costs a list of the index, which is read as far as the shortest one goes.
CREATE FUNCTION _parseltongue.pt_search_terms(query text) RETURNS _parseltongue.pt_search_terms
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 1000
SET search_path = pg_catalog, pg_temp
SET standard_conforming_strings = on
AS $$
DECLARE
	t _parseltongue.pt_search_terms;
	stride integer;
BEGIN
	t.whole := btrim(query);
	-- a call means the function; operator() is a name of its own
	IF t.whole ~ '[[:alnum:]_]\(\)$' AND t.whole !~ 'operator\(\)$' THEN
		t.whole := left(t.whole, -2);
	END IF;
	-- A key is searched for by the name in it, since its trigrams are those of
	-- half the table.
	t.sought := CASE WHEN t.whole LIKE '%:%:%' OR t.whole ~ '-[A-Za-z_]+-[0-9a-f]{6,64}$'
		THEN @extschema@.pt_key_name(t.whole) ELSE t.whole END;
	t.folded := lower(t.sought);
	t.size := char_length(t.folded);
	t.start_pattern := _parseltongue.pt_search_literal(left(t.folded, 150)) || '%';
	-- both ends, unless all letters are between them
	t.cut := t.size > 24 AND left(t.folded, 12) || ' ' || right(t.folded, 12) ~ '[[:alnum:]]{3}';
	t.part_pattern := '%' || CASE WHEN t.cut
		THEN _parseltongue.pt_search_literal(left(t.folded, 12)) || '%' || _parseltongue.pt_search_literal(right(t.folded, 12))
		ELSE _parseltongue.pt_search_literal(t.folded) END || '%';
	IF t.size BETWEEN 5 AND 150 THEN
		t.slips := ARRAY(SELECT _parseltongue.pt_search_literal(left(t.folded, i)) || '%'
							 || _parseltongue.pt_search_literal(substr(t.folded, i + 3))
						 FROM generate_series(0, t.size - 2) AS i);
		-- A third is left out, and not more than ten characters before and
		-- after it are looked for. What leaves less than two trigrams, as _s%m
		-- does, would match too much; of n letters at the beginning there are n.
		stride := CASE WHEN t.size = 5 THEN 1 ELSE (t.size + 1) / 3 END;
		t.cover := ARRAY(SELECT _parseltongue.pt_search_literal(before) || '%' || _parseltongue.pt_search_literal(after)
						 FROM generate_series(0, t.size - 2, stride) AS i,
							  LATERAL (SELECT left(t.folded, least(i, 10)), right(substr(t.folded, i + stride + 2), 10)) AS p (before, after)
						 WHERE length(regexp_replace(before, '[^[:alnum:]]', '', 'g'))
							 + greatest(length(regexp_replace(after, '[^[:alnum:]]', '', 'g')) - 1, 0) >= 2);
	END IF;
	RETURN t;
END $$;
COMMENT ON FUNCTION _parseltongue.pt_search_terms(text) IS
'Internal: what pt_search looks for, of a query that pt_search_check let pass. O(length).';

-- condition: what makes a match; rest: what keeps out those of earlier tiers.
-- Both are of an entity e, score of a candidate c. In text @name is the
-- entity's name, @folded the same in lower case, @trigrams the schema of
-- pg_trgm. $1: whole, $2: sought, $3:
-- folded, $4: start_pattern, $5: part_pattern, $6: slips, $7: cover, $8: size.
-- common: what part_pattern is a part of, name or key, if most of the table
-- might have it.
CREATE FUNCTION _parseltongue.pt_search_tiers(terms _parseltongue.pt_search_terms, trigrams text, of_round integer)
RETURNS TABLE (match text, score text, index_order text, condition text, rest text, common text)
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 1000 ROWS 8
SET search_path = pg_catalog, pg_temp
SET standard_conforming_strings = on
AS $$
DECLARE
	long CONSTANT boolean := terms.size >= 150;		-- longer than what an index has of a name
	-- less than three letters in a row are in too many names
	letters CONSTANT boolean := terms.folded ~ '[[:alnum:]]{3}';
	covered CONSTANT text := '$8::float8 / char_length(c.name)';
	-- of c.key to the key sought, 0 to 1
	key_likeness CONSTANT text := CASE WHEN terms.sought = terms.whole THEN NULL
		WHEN trigrams IS NOT NULL THEN '@trigrams.similarity(c.key, $1)'
		ELSE '(SELECT count(*) FILTER (WHERE a = b)::float8 / count(*) '
			'FROM unnest(string_to_array(c.key, '':''), string_to_array($1, '':'')) AS p (a, b))' END;
	-- to the name sought
	likeness CONSTANT text := '@trigrams.similarity(lower(c.name), $3)';
BEGIN
	RETURN QUERY SELECT t.match, m[1], m[2], m[3], m[4], t.common
	FROM (VALUES
		(1, 'key', true, 1.0, 0.0, '1.0', '', 'e.key = $1', 'true', ''),
		(1, 'name', true, 0.95, 0.04, '1.0', 'left(e.key, 300) COLLATE "C", e.key COLLATE "C"',
			'left(@folded, 150) COLLATE "C" = left($3, 150) AND left(@name, 150) COLLATE "C" = left($2, 150)'
				|| CASE WHEN long THEN ' AND @name = $2' ELSE '' END,
			'e.key <> $1', ''),
		(1, 'name in other case', true, 0.9, 0.04, '1.0', 'left(@name, 150) COLLATE "C", left(e.key, 300) COLLATE "C", e.key COLLATE "C"',
			'left(@folded, 150) COLLATE "C" = left($3, 150)' || CASE WHEN long THEN ' AND @folded = $3' ELSE '' END,
			'e.key <> $1 AND @name <> $2', ''),
		(1, 'prefix', true, 0.7, 0.19, covered,
			'left(@folded, 150) COLLATE "C", left(@name, 150) COLLATE "C", left(e.key, 300) COLLATE "C", e.key COLLATE "C"',
			'left(@folded, 150) COLLATE "C" LIKE $4' || CASE WHEN long THEN ' AND starts_with(@folded, $3)' ELSE '' END,
			'e.key <> $1 AND @folded <> $3', ''),
		(1, 'part', letters, 0.5, 0.19, covered, '',
			'@folded LIKE $5' || CASE WHEN terms.cut THEN ' AND strpos(@folded, $3) > 0' ELSE '' END,
			'e.key <> $1 AND NOT starts_with(@folded, $3)', 'name'),
		(2, 'part of key', letters AND terms.sought = terms.whole, 0.3, 0.19, 'char_length($1)::float8 / char_length(c.key)', '',
			'lower(e.key) LIKE $5' || CASE WHEN terms.cut THEN ' AND strpos(lower(e.key), $3) > 0' ELSE '' END, 'true', 'key'),
		(3, 'misspelt', letters AND terms.cover <> '{}', 0.15, 0.14,
			CASE WHEN trigrams IS NOT NULL THEN likeness ELSE '1.0 / (1 + abs(char_length(c.name) - $8))' END, '',
			'@folded LIKE ANY ($7) AND char_length(@folded) BETWEEN $8 - 1 AND $8 + 1 AND @folded || '''' LIKE ANY ($6)', 'true', ''),
		(4, 'similar', letters AND terms.size <= 40 AND trigrams IS NOT NULL, 0.0, 0.14, likeness, '',
			'@folded OPERATOR(@trigrams.%) $3', 'true', '')
		) AS t (round, match, possible, low, span, quality, index_order, condition, rest, common),
		LATERAL (SELECT format('%s + %s * (%s)', t.low, t.span, coalesce('0.7 * (' || t.quality || ') + 0.3 * ' || key_likeness, t.quality))) AS s (score),
		LATERAL (SELECT array_agg(replace(replace(replace(x, '@folded', 'lower(@name)'), '@name', 'coalesce(e.name, @extschema@.pt_key_name(e.key))'),
										  '@trigrams', coalesce(quote_ident(trigrams), '')) ORDER BY i)
				 FROM unnest(ARRAY[s.score, t.index_order, t.condition, t.rest]) WITH ORDINALITY AS u (x, i)) AS macros (m)
	WHERE t.round = of_round AND t.possible;
END $$;
COMMENT ON FUNCTION _parseltongue.pt_search_tiers(_parseltongue.pt_search_terms, text, integer) IS
'Internal: the ways in which a round of pt_search finds an entity, as pieces of SQL, best first. trigrams: the schema of pg_trgm, NULL without it.';

CREATE FUNCTION _parseltongue.pt_may_contain(name text, part text) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION _parseltongue.pt_may_contain(text, text) IS
'Internal: false only if a name in lower case does not have a part in it, which is in lower case. O(length).';

CREATE FUNCTION _parseltongue.pt_may_be_misspelt(name text, sought text) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION _parseltongue.pt_may_be_misspelt(text, text) IS
'Internal: false only if a name in lower case is not the one sought, which is in lower case, with a slip as pt_search looks for them. O(length).';

-- With indexes each tier is a step; without them the table is read once for all
-- of a round, by several processes, and of most names a look at their letters is enough.
CREATE FUNCTION _parseltongue.pt_search_steps(terms _parseltongue.pt_search_terms, trigrams text, of_round integer, indexed boolean)
RETURNS TABLE (match text, score text, extra text, condition text, index_order text, common text)
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 1000 ROWS 5
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	-- cheap, so the server tries it first
	possible CONSTANT text := CASE of_round
		WHEN 1 THEN '(e.key = $1 OR _parseltongue.pt_may_contain(coalesce(e.name, @extschema@.pt_key_name(e.key)), $3))'
		WHEN 2 THEN '_parseltongue.pt_may_contain(e.key, $3)'
		WHEN 3 THEN '_parseltongue.pt_may_be_misspelt(coalesce(e.name, @extschema@.pt_key_name(e.key)), $3)' END;
	tiers CONSTANT text := (SELECT string_agg(format(' WHEN %s THEN %L', t.condition, t.match), '' ORDER BY n)
		FROM _parseltongue.pt_search_tiers(terms, trigrams, of_round) WITH ORDINALITY AS t (match, score, index_order, condition, rest, common, n) WHERE NOT indexed);
BEGIN
	IF indexed THEN
		RETURN QUERY SELECT quote_literal(t.match), t.score, '', t.condition || ' AND ' || t.rest, coalesce(' ORDER BY ' || nullif(t.index_order, ''), ''), t.common
		FROM _parseltongue.pt_search_tiers(terms, trigrams, of_round) AS t;
	ELSIF tiers IS NOT NULL THEN
		RETURN QUERY SELECT 'c.match', format('CASE c.match%s END', string_agg(format(' WHEN %L THEN %s', t.match, t.score), '')),
			format(', CASE%s END AS match', tiers), concat(possible || ' AND ', format('CASE%s END IS NOT NULL', tiers)), '', ''
		FROM _parseltongue.pt_search_tiers(terms, trigrams, of_round) AS t;
	END IF;
END $$;
COMMENT ON FUNCTION _parseltongue.pt_search_steps(_parseltongue.pt_search_terms, text, integer, boolean) IS
'Internal: the queries of a round of pt_search, as pieces of SQL.';

CREATE FUNCTION _parseltongue.pt_search_means(entities regclass, OUT trigrams text, OUT indexed boolean)
LANGUAGE plpgsql STABLE PARALLEL SAFE COST 100
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	SELECT n.nspname INTO trigrams
	FROM pg_extension AS x JOIN pg_namespace AS n ON n.oid = x.extnamespace
	WHERE x.extname = 'pg_trgm' AND has_schema_privilege(n.oid, 'USAGE');
	indexed := trigrams IS NOT NULL AND 2 = (
		SELECT count(*) FROM pg_index JOIN pg_class AS c ON c.oid = indexrelid
		WHERE indrelid = entities AND indisvalid AND c.relname IN ('pt_entity_search_name', 'pt_entity_search_trigram'));
END $$;
COMMENT ON FUNCTION _parseltongue.pt_search_means(regclass) IS
'Internal: the schema of pg_trgm, NULL if there is none that the caller may use; and whether the table has the indexes of pt_enable_search.';

-- Longer names are to be more alike, as there are more of them. Calling
-- show_trgm loads the library, without which there is no such setting.
CREATE FUNCTION _parseltongue.pt_search_threshold(trigrams text, name text) RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 100
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	threshold text;
	old text;
BEGIN
	EXECUTE format('SELECT greatest(0.45, round((t - 6.0) / (t + 6.0), 2)) FROM cardinality(%I.show_trgm($1)) AS n (t)', trigrams)
	INTO threshold USING name;
	old := current_setting('pg_trgm.similarity_threshold');
	PERFORM set_config('pg_trgm.similarity_threshold', threshold, true);
	RETURN old;
END $$;
COMMENT ON FUNCTION _parseltongue.pt_search_threshold(text, text) IS
'Internal: set how alike a name must be, for this transaction; returns what was set before. trigrams: the schema of pg_trgm.';

-- An index of trigrams lists all of what matches before the first row is
-- fetched. Where most of the table does, a few of its pages, spread over it, have
-- enough; reading it from the front could meet none for long. (VOLATILE, since
-- EXPLAIN is allowed in no other function.)
CREATE FUNCTION _parseltongue.pt_search_share(entities regclass, common text, pattern text, kinds text[], wanted bigint) RETURNS numeric
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 1000
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	plan json;
	expected float8;
	total CONSTANT float8 := (SELECT reltuples FROM pg_class WHERE oid = entities);
BEGIN
	EXECUTE format('EXPLAIN (FORMAT JSON) SELECT FROM %s AS e WHERE lower(%s) LIKE %L', entities,
				   CASE common WHEN 'name' THEN 'coalesce(e.name, @extschema@.pt_key_name(e.key))' ELSE 'e.key' END, pattern)
		|| CASE WHEN kinds IS NULL THEN '' ELSE format(' AND @extschema@.pt_key_kind(e.key) = ANY (%L)', kinds) END
	INTO plan;
	expected := plan -> 0 -> 'Plan' ->> 'Plan Rows';
	-- The list costs in proportion to the matches, the pages to the rows looked
	-- at for enough of them: about as much where both sides are equal.
	RETURN CASE WHEN total > 0 AND expected * expected > 8.0 * wanted * greatest(total, expected) THEN 200.0 * wanted / expected END;
END $$;
COMMENT ON FUNCTION _parseltongue.pt_search_share(regclass, text, text, text[], bigint) IS
'Internal: how many percent of the pages of a table are likely to have twice the rows wanted whose name or key (common) is like a pattern in lower case, of these kinds (NULL for all); NULL where an index is quicker. By the planner''s estimate; reads no rows.';

-- Nobody knows the language of a query. What qualifies the name only decides
-- which of its definitions come first: indexers say in many ways what one is in.
CREATE FUNCTION _parseltongue.pt_search_qualified(sought text, entities text, entity_table regclass, kind_filter text, max_results bigint)
RETURNS TABLE (key text, name text, kind text, entity_type text, language text, file_path text, line_start integer, score real, match text)
LANGUAGE plpgsql STABLE PARALLEL UNSAFE COST 10000 ROWS 20
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	parts CONSTANT text[] := _parseltongue.pt_query_name(sought);
	folded CONSTANT text := lower(parts[1]);
	words CONSTANT text[] := array_remove(regexp_split_to_array(lower(parts[2]), '[^[:alnum:]_$]+'), '');
	scope CONSTANT text := CASE WHEN EXISTS (SELECT FROM pg_attribute WHERE attrelid = entity_table AND attname = 'properties'
											 AND atttypid = 'jsonb'::regtype AND NOT attisdropped) THEN $q$e.properties ->> 'scope'$q$ ELSE 'NULL' END;
	folded_name CONSTANT text := 'left(lower(coalesce(e.name, @extschema@.pt_key_name(e.key))), 150) COLLATE "C"';
BEGIN
	IF parts IS NULL THEN
		RETURN;
	END IF;
	-- bar, and bar(from:), as some languages call it. Of the words those nearest to the name count most.
	RETURN QUERY EXECUTE format($q$
		SELECT c.key, c.name, @extschema@.pt_key_kind(c.key), c.entity_type, c.language, c.file_path, c.line_start,
			   (0.3 + 0.19 * coalesce((SELECT sum(2 ^ least(i, 500)) FILTER (WHERE w = ANY (c.place)) / sum(2 ^ least(i, 500)) FROM unnest($2) WITH ORDINALITY AS u (w, i)), 0))::real AS score,
			   'qualified'
		FROM (SELECT e.key, coalesce(e.name, @extschema@.pt_key_name(e.key)) AS name, e.entity_type, e.language, e.file_path, e.line_start,
					 regexp_split_to_array(lower(concat_ws(' ', %2$s, e.file_path, e.key)), '[^[:alnum:]_$]+') AS place
			  FROM %1$s AS e
			  WHERE _parseltongue.pt_may_contain(coalesce(e.name, @extschema@.pt_key_name(e.key)), split_part($1, '(', 1))
				AND (%3$s = left($1, 150) OR %3$s >= left($1, 100) || '(' AND %3$s < left($1, 100) || ')')
				AND split_part(lower(coalesce(e.name, @extschema@.pt_key_name(e.key))), '(', 1) = split_part($1, '(', 1)%4$s
			  LIMIT 500) AS c
		ORDER BY score DESC, c.key COLLATE "C" LIMIT $3 $q$, entities, scope, folded_name, kind_filter) USING folded, words, max_results;
END $$;
COMMENT ON FUNCTION _parseltongue.pt_search_qualified(text, text, regclass, text, bigint) IS
'Internal: what pt_search finds of a qualified name, Foo#bar, pkg.mod:func, Foo::bar: entities whose name is its last part, first those in whose scope, file or key the parts before it are. entities: what to read, kind_filter: a condition on it.';

CREATE FUNCTION @extschema@.pt_search(
	query text,
	max_results bigint DEFAULT 20,
	kinds text[] DEFAULT NULL,
	graph regclass DEFAULT NULL
) RETURNS TABLE (key text, name text, kind text, entity_type text, language text, file_path text, line_start integer, score real, match text)
LANGUAGE plpgsql STABLE PARALLEL UNSAFE COST 10000 ROWS 20
SET search_path = pg_catalog, pg_temp
SET jit = off
SET random_page_cost = 1
AS $pt_search$
#variable_conflict use_column
DECLARE
	-- Of a tier with more entities than this, so many are ranked.
	candidates CONSTANT integer := 500;
	-- for format: columns, table, part of it, condition
	source CONSTANT text := 'SELECT e.key, coalesce(e.name, @extschema@.pt_key_name(e.key)) AS name, e.entity_type, e.language, '
		'e.file_path, e.line_start%s FROM %s AS e%s WHERE %s';
	-- match, score, source, bound
	ranking CONSTANT text := 'SELECT c.key, c.name, @extschema@.pt_key_kind(c.key), c.entity_type, c.language, c.file_path, c.line_start, c.score, %s '
		'FROM (SELECT c.*, (%s)::real AS score FROM (%s) AS c) AS c ORDER BY c.score DESC, c.key COLLATE "C" LIMIT %s';
	kind_filter CONSTANT text := CASE WHEN kinds IS NULL THEN '' ELSE format(' AND @extschema@.pt_key_kind(e.key) = ANY (%L)', kinds) END;
	t _parseltongue.pt_search_terms;
	entities text;
	trigrams text;			-- schema of pg_trgm; NULL if that cannot be used
	indexed boolean;
	old_threshold text;
	old_settings CONSTANT text[] := ARRAY[current_setting('enable_seqscan'), current_setting('max_parallel_workers_per_gather')];
	step record;
	found_in text;
	share numeric;
	wanted bigint;
	remaining bigint := max_results;
	found_now integer;
	found_any boolean := false;
BEGIN
	PERFORM _parseltongue.pt_search_check(query, max_results, kinds);
	IF @extschema@.pt_entity_table(graph) IS NULL THEN
		-- The nodes of a table of edges alone are all there is to find.
		SELECT format('(SELECT key, NULL::text AS name, NULL::text AS entity_type, NULL::text AS language, NULL::text AS file_path, NULL::integer AS line_start '
					  'FROM (SELECT %2$s::text COLLATE "C" FROM %1$s UNION SELECT %3$s::text COLLATE "C" FROM %1$s) AS k (key) WHERE key IS NOT NULL)', c.edges, c.source, c.target)
		INTO entities FROM _parseltongue.pt_graph_columns(graph) AS c;
		indexed := false;
	ELSE
		entities := (_parseltongue.pt_graph_tables(graph)).entities;
		PERFORM _parseltongue.pt_require_columns(entities::regclass, '{name,entity_type,language,file_path,line_start}');
		SELECT u.trigrams, u.indexed INTO trigrams, indexed FROM _parseltongue.pt_search_means(entities::regclass) AS u;
	END IF;
	IF indexed THEN
		PERFORM set_config('enable_seqscan', 'off', true), set_config('max_parallel_workers_per_gather', '0', true);
	ELSIF (SELECT sum(reltuples) > 1000000 FROM pg_class WHERE oid = @extschema@.pt_entity_table(graph)) THEN
		RAISE NOTICE 'all entities are read to find "%"', left(query, 100) USING
			HINT = 'SELECT pt_enable_search(), once, makes the indexes that searches want.';
	END IF;
	t := _parseltongue.pt_search_terms(query);
	-- First names that have all of the query in them; only if there are none,
	-- keys that do, then the name that a qualified one ends with, then misspelt
	-- names, then similar ones. Within such a round
	-- the tiers, best first: scores of one lie above those of the next, and no
	-- entity is in two, so a tier is only asked for what is still missing.
	FOR round IN 1 .. 4 LOOP
		EXIT WHEN found_any OR remaining = 0;
		IF round = 3 THEN
			RETURN QUERY SELECT * FROM _parseltongue.pt_search_qualified(t.sought, entities, @extschema@.pt_entity_table(graph), kind_filter, remaining);
			GET DIAGNOSTICS found_now = ROW_COUNT;
			EXIT WHEN found_now > 0;
		END IF;
		IF round = 4 AND trigrams IS NOT NULL THEN
			old_threshold := _parseltongue.pt_search_threshold(trigrams, t.folded);
		END IF;
		FOR step IN SELECT * FROM _parseltongue.pt_search_steps(t, trigrams, round, indexed) LOOP
			EXIT WHEN remaining <= 0;
			wanted := greatest(candidates, remaining);
			share := NULL;
			IF step.common <> '' AND remaining IS NOT NULL AND indexed THEN
				share := _parseltongue.pt_search_share(entities::regclass, step.common, t.part_pattern, kinds, wanted);
			END IF;
			LOOP
				found_in := format(source, step.extra, entities, ' TABLESAMPLE SYSTEM (' || share || ') REPEATABLE (0)',
					step.condition || kind_filter || step.index_order || CASE WHEN indexed AND remaining IS NOT NULL THEN ' LIMIT ' || wanted ELSE '' END);
				IF share IS NOT NULL THEN	-- too few are no answer
					found_in := format('WITH s AS MATERIALIZED (%s) SELECT * FROM s WHERE (SELECT count(*) FROM s) = %s', found_in, wanted);
				END IF;
				RETURN QUERY EXECUTE format(ranking, step.match, step.score, found_in, coalesce(remaining::text, 'ALL'))
					USING t.whole, t.sought, t.folded, t.start_pattern, t.part_pattern, t.slips, t.cover, t.size;
				GET DIAGNOSTICS found_now = ROW_COUNT;
				EXIT WHEN share IS NULL OR found_now > 0;
				share := NULL;
			END LOOP;
			found_any := found_any OR found_now > 0;
			remaining := remaining - found_now;
		END LOOP;
	END LOOP;
	PERFORM set_config('pg_trgm.similarity_threshold', old_threshold, true) WHERE old_threshold IS NOT NULL;
	PERFORM set_config('enable_seqscan', old_settings[1], true), set_config('max_parallel_workers_per_gather', old_settings[2], true) WHERE indexed;
END $pt_search$;
COMMENT ON FUNCTION @extschema@.pt_search(text, bigint, text[], regclass) IS
'Entities by name, best first, at most max_results (NULL: all). match: key, name, name in other case, prefix, part; without any of these part of key, then qualified (Foo#bar finds bar), then misspelt, then similar. kinds: as pt_key_kind has them, NULL for all. Of a graph without entities, its nodes. Errors: 22004, 22023 bad argument, 42703 no columns known to be ends of edges. A scan, but for pt_enable_search.';
