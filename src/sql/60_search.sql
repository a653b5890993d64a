
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
	entities CONSTANT regclass := (@extschema@.pt_graph_tables(graph)).entities;
	home CONSTANT oid := (SELECT relnamespace FROM pg_class WHERE oid = entities);
	trigrams name;
	made oid;
	wanted record;
BEGIN
	CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA @extschema@;
	SELECT nspname INTO trigrams FROM pg_extension JOIN pg_namespace AS n ON n.oid = extnamespace WHERE extname = 'pg_trgm';
	-- Parts of names and keys: a btree takes at most a third of a page.
	FOR wanted IN SELECT * FROM (VALUES
		('pt_entity_search_name', 'btree (left(lower(coalesce(name, @extschema@.pt_key_name(key))), 150) COLLATE "C", '
			'left(coalesce(name, @extschema@.pt_key_name(key)), 150) COLLATE "C", left(key, 300) COLLATE "C")'),
		('pt_entity_search_trigram', format('gin (lower(coalesce(name, @extschema@.pt_key_name(key))) %1$I.gin_trgm_ops, lower(key) %1$I.gin_trgm_ops)', trigrams))
		) AS v (name, definition) LOOP
		EXECUTE format('CREATE INDEX IF NOT EXISTS %I ON %s USING %s', wanted.name, entities, wanted.definition);
		SELECT c.oid INTO made FROM pg_class AS c JOIN pg_index ON indexrelid = c.oid
		WHERE relnamespace = home AND relname = wanted.name AND indrelid = entities AND indisvalid;
		IF made IS NULL THEN
			RAISE EXCEPTION 'relation "%" is in the way of the index of that name on "%"', wanted.name, entities USING
				ERRCODE = 'duplicate_table', HINT = 'Drop or rename it, and call pt_enable_search again.';
		END IF;
		RETURN NEXT made;
	END LOOP;
	EXECUTE format('ANALYZE %s', entities);
END $$;
COMMENT ON FUNCTION @extschema@.pt_enable_search(regclass) IS
'Make pt_search fast on a graph: create the extension pg_trgm if it is not there, the indexes pt_entity_search_name and pt_entity_search_trigram on its table of entities if they are not there, and ANALYZE the table. Returns the indexes; drop them to take it back. They make writing an entity slower, and pg_dump leaves out those on the extension''s own table. Needs ownership of the table. Errors: 42501 not the owner, 42P07 another relation has such a name, 0A000 pg_trgm is not installed on the machine. Locks the table against writers; O(entities log entities).';

CREATE FUNCTION @extschema@.pt_search(
	query text,
	max_results integer DEFAULT 20,
	kinds text[] DEFAULT NULL,
	graph regclass DEFAULT NULL
) RETURNS TABLE (key text, name text, kind text, entity_type text, language text, file_path text, line_start integer, score real, match text)
LANGUAGE plpgsql STABLE PARALLEL UNSAFE COST 10000 ROWS 20
SET search_path = pg_catalog, pg_temp
SET jit = off
SET random_page_cost = 1
SET max_parallel_workers_per_gather = 0
AS $pt_search$
#variable_conflict use_column
DECLARE
	all_kinds CONSTANT text[] := '{local,unresolved,external,import,file}';
	-- Of a tier with more entities than this, so many are ranked.
	candidates CONSTANT integer := 500;
	special CONSTANT text := '([%_' || repeat(chr(92), 2) || '])';	-- to LIKE, and
	escaped CONSTANT text := repeat(chr(92), 3) || '1';	-- what it becomes
	columns CONSTANT text := 'e.key, coalesce(e.name, @extschema@.pt_key_name(e.key)) AS name, e.entity_type, e.language, e.file_path, e.line_start';
	whole CONSTANT text := btrim(query);
	sought text := whole;	-- the name
	folded text;
	long boolean;			-- longer than what the index has of a name
	start_pattern text;
	part_pattern text;
	key_pattern text;
	size integer;
	stride integer;
	slips text[] := '{}';	-- patterns for names with a slip somewhere
	cover text[] := '{}';	-- fewer that match these and more
	entities regclass;
	trigrams text;			-- schema of pg_trgm, quoted; NULL if that cannot be used
	indexed boolean;
	threshold text;
	old_threshold text;
	bad_kind text;
	kind_filter text := '';
	key_likeness text;		-- of c.key to the key sought, 0 to 1
	macros text[];
	macro text[];
	tier record;
	parts text[];
	score text;
	cases text;
	scores text;
	remaining integer := max_results;
	found_now integer;
	found_any boolean := false;
BEGIN
	IF query IS NULL THEN
		RAISE EXCEPTION 'query must not be NULL' USING ERRCODE = 'null_value_not_allowed';
	ELSIF whole = '' THEN
		RAISE EXCEPTION 'query must not be empty' USING ERRCODE = 'invalid_parameter_value',
			HINT = 'Give a name, a part of one, or a key.';
	ELSIF length(whole) > 10000 THEN
		RAISE EXCEPTION 'query has % characters, more than 10000', length(whole) USING ERRCODE = 'invalid_parameter_value',
			HINT = 'Give a part of it.';
	ELSIF max_results < 0 THEN
		RAISE EXCEPTION 'max_results must not be negative: %', max_results USING ERRCODE = 'invalid_parameter_value',
			HINT = 'Use 0 or more, or NULL for no bound.';
	ELSIF array_position(kinds, NULL) IS NOT NULL THEN
		RAISE EXCEPTION 'kinds must not contain NULL' USING ERRCODE = 'null_value_not_allowed',
			HINT = 'Name the kinds to find, or pass NULL instead of an array for all.';
	ELSIF NOT kinds <@ all_kinds THEN
		SELECT k INTO bad_kind FROM unnest(kinds) AS k WHERE k <> ALL (all_kinds) LIMIT 1;
		RAISE EXCEPTION 'unknown kind: "%"', bad_kind USING ERRCODE = 'invalid_parameter_value',
			HINT = format('The kinds are %s.', array_to_string(all_kinds, ', '));
	ELSIF kinds IS NOT NULL THEN
		kind_filter := ' AND @extschema@.pt_key_kind(e.key) = ANY ($6)';
	END IF;
	entities := (@extschema@.pt_graph_tables(graph)).entities;
	SELECT quote_ident(n.nspname) INTO trigrams
	FROM pg_extension AS x JOIN pg_namespace AS n ON n.oid = x.extnamespace
	WHERE x.extname = 'pg_trgm' AND has_schema_privilege(n.oid, 'USAGE');
	indexed := trigrams IS NOT NULL AND 2 = (
		SELECT count(*) FROM pg_index JOIN pg_class AS c ON c.oid = indexrelid
		WHERE indrelid = entities AND indisvalid AND c.relname IN ('pt_entity_search_name', 'pt_entity_search_trigram'));

	-- A key is searched for by the name in it, since its trigrams are those of
	-- half the table; then how alike the keys are counts, too.
	IF whole LIKE '%:%:%' OR whole ~ '-[A-Za-z_]+-[0-9a-f]{6,64}$' THEN
		sought := @extschema@.pt_key_name(whole);
	END IF;
	IF sought <> whole THEN
		key_likeness := CASE WHEN trigrams IS NOT NULL THEN format('%s.similarity(c.key, $1)', trigrams)
			ELSE '(SELECT count(*) FILTER (WHERE a = b)::float8 / count(*) '
				'FROM unnest(string_to_array(c.key, '':''), string_to_array($1, '':'')) AS p (a, b))' END;
	END IF;
	folded := lower(sought);
	start_pattern := regexp_replace(left(folded, 150), special, escaped, 'g') || '%';
	-- trigrams enough for an index
	part_pattern := '%' || regexp_replace(left(folded, 12), special, escaped, 'g') || '%';
	size := char_length(folded);
	long := size >= 150;
	key_pattern := '%' || regexp_replace(left(lower(whole), 12), special, escaped, 'g') || '%';
	IF size >= 5 THEN
		slips := ARRAY(SELECT regexp_replace(left(folded, i), special, escaped, 'g') || '%'
						   || regexp_replace(substr(folded, i + 3), special, escaped, 'g')
					   FROM generate_series(0, size - 2) AS i);
		-- For the index fewer, which cover them: a third is left out, and not
		-- more than ten characters before and after it are looked for.
		stride := CASE WHEN size = 5 THEN 1 ELSE (size + 1) / 3 END;
		cover := ARRAY(SELECT regexp_replace(left(folded, least(i, 10)), special, escaped, 'g') || '%'
						   || regexp_replace(right(substr(folded, i + stride + 2), 10), special, escaped, 'g')
					   FROM generate_series(0, size - 2, stride) AS i);
	END IF;
	IF trigrams IS NOT NULL THEN
		-- Longer names are to be more alike, as there are more of them. (Calling
		-- show_trgm loads the library, without which there is no such setting.)
		EXECUTE format('SELECT greatest(0.45, round((t - 6.0) / (t + 6.0), 2)) FROM cardinality(%s.show_trgm($1)) AS n (t)', trigrams)
		INTO threshold USING folded;
	END IF;
	macros := ARRAY[
		['@like', format('OPERATOR(%s.%%)', trigrams)],
		['@folded', 'lower(@name)'],
		['@name', 'coalesce(e.name, @extschema@.pt_key_name(e.key))']];

	-- First names that have all of the query in them; only if there are none,
	-- keys that do, then misspelt names, then similar ones. Within such a round the tiers, best first:
	-- scores of one lie above those of the next, and no entity is in two, so a
	-- tier is only asked for what is still missing. condition: what makes it;
	-- rest: what keeps out the earlier ones. @name is the entity's name, @folded
	-- the same in lower case.
	FOR round IN 1 .. 4 LOOP
		EXIT WHEN found_any OR remaining = 0;
		cases := '';
		scores := '';
		IF round = 4 AND trigrams IS NOT NULL THEN
			old_threshold := current_setting('pg_trgm.similarity_threshold');
			PERFORM set_config('pg_trgm.similarity_threshold', threshold, true);
		END IF;
		FOR tier IN SELECT * FROM (VALUES
			(1, 'key', false, 1.0, 0.0, '1.0', '', 'e.key = $1', 'true'),
			(1, 'name', false, 0.95, 0.04, '1.0', 'left(e.key, 300) COLLATE "C", e.key COLLATE "C"',
				'left(@folded, 150) COLLATE "C" = left($3, 150) AND left(@name, 150) COLLATE "C" = left($2, 150)'
					|| CASE WHEN long THEN ' AND @name = $2' ELSE '' END,
				'e.key <> $1'),
			(1, 'name in other case', false, 0.9, 0.04, '1.0', 'left(@name, 150) COLLATE "C", left(e.key, 300) COLLATE "C", e.key COLLATE "C"',
				'left(@folded, 150) COLLATE "C" = left($3, 150)' || CASE WHEN long THEN ' AND @folded = $3' ELSE '' END,
				'e.key <> $1 AND @name <> $2'),
			(1, 'prefix', false, 0.7, 0.19, '$10::float8 / char_length(c.name)',
				'left(@folded, 150) COLLATE "C", left(@name, 150) COLLATE "C", left(e.key, 300) COLLATE "C", e.key COLLATE "C"',
				'left(@folded, 150) COLLATE "C" LIKE $4' || CASE WHEN long THEN ' AND starts_with(@folded, $3)' ELSE '' END,
				'e.key <> $1 AND @folded <> $3'),
			(1, 'part', true, 0.5, 0.19, '$10::float8 / char_length(c.name)', '',
				'@folded LIKE $5' || CASE WHEN size > 12 THEN ' AND strpos(@folded, $3) > 0' ELSE '' END, 'e.key <> $1 AND NOT starts_with(@folded, $3)'),
			(2, 'part of key', true, 0.3, 0.19, CASE WHEN sought = whole THEN 'char_length($1)::float8 / char_length(c.key)' END, '',
				'lower(e.key) LIKE $8' || CASE WHEN size > 12 THEN ' AND strpos(lower(e.key), $3) > 0' ELSE '' END, 'true'),
			(3, 'misspelt', true, 0.15, 0.14,
				coalesce(trigrams || '.similarity(lower(c.name), $3)', '1.0 / (1 + abs(char_length(c.name) - $10))'), '',
				'@folded LIKE ANY ($9) AND char_length(@folded) BETWEEN $10 - 1 AND $10 + 1 AND @folded || '''' LIKE ANY ($7)', 'true'),
			(4, 'similar', true, 0.0, 0.14, CASE WHEN size <= 40 THEN trigrams || '.similarity(lower(c.name), $3)' END, '', '@folded @like $3', 'true')
			) AS t (of_round, match, needs_three, low, span, quality, index_order, condition, rest)
			-- less than three letters in a row are in too many names
			WHERE t.of_round = round AND t.quality IS NOT NULL AND (NOT t.needs_three OR folded ~ '[[:alnum:]]{3}')
		LOOP
			EXIT WHEN remaining <= 0;
			parts := ARRAY[tier.condition, tier.rest, tier.index_order];
			FOREACH macro SLICE 1 IN ARRAY macros LOOP
				parts := ARRAY(SELECT replace(x, macro[1], macro[2]) FROM unnest(parts) WITH ORDINALITY AS u (x, i) ORDER BY i);
			END LOOP;
			score := format('%s + %s * (%s)', tier.low, tier.span,
				coalesce('0.7 * (' || tier.quality || ') + 0.3 * ' || key_likeness, tier.quality));
			IF NOT indexed THEN
				cases := cases || format(' WHEN %s THEN %L', parts[1], tier.match);
				scores := scores || format(' WHEN %L THEN %s', tier.match, score);
				CONTINUE;
			END IF;
			RETURN QUERY EXECUTE format('SELECT c.key, c.name, @extschema@.pt_key_kind(c.key), c.entity_type, c.language, c.file_path, c.line_start, c.score, %L '
				'FROM (SELECT c.*, (%s)::real AS score FROM (SELECT %s FROM %s AS e WHERE %s AND %s%s%s LIMIT %s) AS c) AS c '
				'ORDER BY c.score DESC, c.key COLLATE "C" LIMIT %s',
				tier.match, score, columns, entities, parts[1], parts[2], kind_filter, ' ORDER BY ' || nullif(parts[3], ''),
				CASE WHEN remaining IS NULL THEN 'ALL' ELSE greatest(candidates, remaining)::text END, coalesce(remaining::text, 'ALL'))
				USING whole, sought, folded, start_pattern, part_pattern, kinds, slips, key_pattern, cover, size;
			GET DIAGNOSTICS found_now = ROW_COUNT;
			found_any := found_any OR found_now > 0;
			remaining := remaining - found_now;
		END LOOP;
		IF cases <> '' THEN
			RETURN QUERY EXECUTE format('SELECT c.key, c.name, @extschema@.pt_key_kind(c.key), c.entity_type, c.language, c.file_path, c.line_start, c.score, c.match '
				'FROM (SELECT c.*, (CASE c.match%s END)::real AS score '
					'FROM (SELECT %s, CASE%s END AS match FROM %s AS e WHERE true%s) AS c WHERE c.match IS NOT NULL) AS c '
				'ORDER BY c.score DESC, c.key COLLATE "C" LIMIT %s',
				scores, columns, cases, entities, kind_filter, coalesce(remaining::text, 'ALL'))
				USING whole, sought, folded, start_pattern, part_pattern, kinds, slips, key_pattern, cover, size;
			found_any := FOUND;
		END IF;
	END LOOP;
	PERFORM set_config('pg_trgm.similarity_threshold', old_threshold, true) WHERE old_threshold IS NOT NULL;
END $pt_search$;
COMMENT ON FUNCTION @extschema@.pt_search(text, integer, text[], regclass) IS
'Entities by name, best first, at most max_results (NULL: all). Ties go by key in byte order. match says how each was found: key (the query is its key), name, name in other case, prefix, part (all of the query is in the name); only if there are none of these, part of key; only then misspelt (two characters at one place are one to three others), and only then similar (by the trigrams of pg_trgm, if that is installed). score, from 1 down, orders them so; within a match it says how much of the name the query covers or how alike they are. An entity without a name has the one in its key. A query that is a key is searched for by the name in it, and like keys come first. A query without three letters or digits in a row finds whole names and prefixes only. kinds: pt_key_kind of the keys to list, NULL for all. Rows of the table of entities only, as far as the caller may see them; not keys that only edges have. graph: NULL as everywhere. Errors: 22004 query is NULL, 22023 query empty or another bad argument, 42809 the graph has no entities. A scan of the table until pt_enable_search has been called; then a few index scans, and where more than 500 entities (or max_results) are found one way, so many are ranked: the first by name, but for part and the matches after it, which take them as they come.';
