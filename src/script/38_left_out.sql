-- ---------------------------------------------------------------------------
-- What was left out of a codebase, so that an answer can say what it does not know.
-- ---------------------------------------------------------------------------

CREATE FUNCTION _parseltongue.pt_put_left_out(
	prefix text, looked_at text[], file_paths text[], languages text[], reasons text[], details text[], graph regclass
) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 10000
SET search_path = pg_catalog, pg_temp
SET work_mem = '64MB'
SET jit = off
AS $$
DECLARE
	edges CONSTANT regclass := (_parseltongue.pt_graph_tables(graph)).edges;
	left_out CONSTANT regclass := _parseltongue.pt_codebase_table(edges, 'pt_left_out');
	written bigint := 0;
BEGIN
	IF left_out IS NULL THEN
		RETURN written;
	END IF;
	PERFORM _parseltongue.pt_require_columns(left_out, '{prefix,file_path,language,reason,detail,indexed_at}');
	-- one writer of a prefix at a time, whoever is last stays
	PERFORM pg_advisory_xact_lock(hashtextextended(prefix, left_out::oid::bigint));
	-- What is said again stays as it is: after a run with nothing new that is all but the row of the run. Of a large tree
	-- these are very many, so they are compared all at once and not looked up one by one.
	EXECUTE format('WITH said AS MATERIALIZED (
			SELECT DISTINCT ON (file_path COLLATE "C") file_path, language, reason, detail FROM unnest($2, $3, $4, $5) WITH ORDINALITY AS o (file_path, language, reason, detail, n)
			WHERE octet_length(file_path) <= _parseltongue.pt_max_key_bytes() ORDER BY file_path COLLATE "C", reason IS NULL, n
		), before AS MATERIALIZED (
			SELECT l.file_path, l.language, l.reason, l.detail FROM %1$s AS l WHERE l.prefix = $1 AND %2$s
		), gone AS (
			DELETE FROM %1$s AS l WHERE l.prefix = $1 AND l.file_path = ANY (ARRAY(
				SELECT b.file_path FROM before AS b WHERE b.file_path NOT IN (SELECT s.file_path FROM said AS s)))
		)
		INSERT INTO %1$s AS l (prefix, file_path, language, reason, detail, indexed_at)
		SELECT $1, file_path, language, reason, detail, clock_timestamp() FROM said AS s
		WHERE reason IS NULL OR (file_path, coalesce(language, ''''), reason, coalesce(detail, '''')) NOT IN (
			SELECT b.file_path, coalesce(b.language, ''''), b.reason, coalesce(b.detail, '''') FROM before AS b WHERE b.reason IS NOT NULL)
		ON CONFLICT (prefix, file_path) DO UPDATE SET language = EXCLUDED.language, reason = EXCLUDED.reason, detail = EXCLUDED.detail, indexed_at = EXCLUDED.indexed_at
		WHERE EXCLUDED.reason IS NULL OR (l.language, l.reason, l.detail) IS DISTINCT FROM (EXCLUDED.language, EXCLUDED.reason, EXCLUDED.detail)', left_out,
		CASE WHEN looked_at IS NULL THEN 'true' ELSE '(l.reason IS NULL OR l.file_path = ANY ($6)
				OR EXISTS (SELECT FROM unnest($6) AS f WHERE right(f, 1) = ''/'' AND starts_with(l.file_path, f)))' END)
		USING prefix, file_paths || prefix, languages || NULL::text, reasons || NULL::text, details || NULL::text, looked_at;
	GET DIAGNOSTICS written = ROW_COUNT;
	RETURN written - 1;
END $$;
COMMENT ON FUNCTION _parseltongue.pt_put_left_out(text, text[], text[], text[], text[], text[], regclass) IS
'Internal: write what a run of pt-index under a prefix has left out, a row for each file, and one for the run. looked_at: replace what is said of these files, and of all in folders with a slash at their end, only; NULL: all of the prefix. Returns how many rows are new or other. Does nothing in a codebase of an earlier version. Errors: 42809 not a codebase.';

CREATE FUNCTION @extschema@.pt_left_out_summary(graph regclass DEFAULT NULL)
RETURNS TABLE (language text, reason text, files bigint, indexed_at timestamptz)
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED COST 10000 ROWS 10
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	edges CONSTANT regclass := (_parseltongue.pt_graph_tables(graph)).edges;
	left_out CONSTANT regclass := _parseltongue.pt_codebase_table(edges, 'pt_left_out');
BEGIN
	IF left_out IS NULL THEN
		RETURN;
	END IF;
	PERFORM _parseltongue.pt_require_columns(left_out, '{prefix,file_path,language,reason,indexed_at}');
	RETURN QUERY EXECUTE format($q$
		SELECT language, reason, count(DISTINCT file_path) FILTER (WHERE reason IS NOT NULL), max(indexed_at) FROM %s
		GROUP BY language, reason
		ORDER BY reason IS NULL DESC, language COLLATE "C" NULLS LAST, reason COLLATE "C" $q$, left_out);
END $$;
COMMENT ON FUNCTION @extschema@.pt_left_out_summary(regclass) IS
'What pt-index has not read of a codebase, or not all of it: how many files of a language (NULL: none that it reads) for which reason, the reasons of pt_left_out, and when that was found last. The first row has no reason, files 0, and when pt-index last ran to its end; no row: it never did. Errors: 42809 not a codebase. O(files left out).';
