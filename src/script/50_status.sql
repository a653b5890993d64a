-- ---------------------------------------------------------------------------
-- Looking after a graph.
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.pt_graph_status(
	graph regclass DEFAULT NULL,
	OUT index regclass,
	OUT nodes bigint,
	OUT edges bigint,
	OUT dead_entries bigint,
	OUT log_entries bigint,
	OUT epoch bigint,
	OUT index_bytes bigint,
	OUT image_bytes bigint,
	OUT image_place text,
	OUT image_age interval,
	OUT overlay_edges bigint,
	OUT overlay_bytes bigint,
	OUT format integer
)
AS 'MODULE_PATHNAME', 'pt_graph_status_0_2' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000;
COMMENT ON FUNCTION @extschema@.pt_graph_status(regclass) IS
'State of a graph''s index and of the image that this session reads, which is built if need be: nodes and edges known to the index, visible or not; dead_entries still in its log; where the image is (shared or local), its size and age; what this session keeps on top of it; format of the index: 2, or 1 if it was made by a version before 0.2 and not rebuilt since. Where each step is a query instead, image_place is none and the rest NULL. Errors as of a walk.';

CREATE FUNCTION @extschema@.pt_prewarm(
	graph regclass DEFAULT NULL,
	OUT index regclass,
	OUT nodes bigint,
	OUT edges bigint,
	OUT image_bytes bigint,
	OUT image_place text,
	OUT image_origin text,
	OUT elapsed interval
)
AS 'MODULE_PATHNAME' LANGUAGE C VOLATILE PARALLEL RESTRICTED COST 100000;
COMMENT ON FUNCTION @extschema@.pt_prewarm(regclass) IS
'Have the image of a graph before a walk needs it: built if there is none, merged if what was written since makes that due, for all sessions where images are shared. graph: a relation or an adjacency index, NULL as everywhere. nodes and edges known to the index, visible or not; image_bytes; image_place: shared, or local where only this session has it; image_origin: kept (the session had it), attached (others had it), built or merged; elapsed: the time it took. Where each step is a query instead, image_place is none and the rest NULL. VACUUM does not wait for it. Errors as of a walk. O(edges), or O(1) if there is nothing to do.';

CREATE FUNCTION @extschema@.pt_graph_source(
	graph regclass DEFAULT NULL,
	OUT source text,
	OUT from_column name,
	OUT to_column name,
	OUT type_column name,
	OUT confidence_column name,
	OUT weight_column name,
	OUT found_by text
)
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 100;
COMMENT ON FUNCTION @extschema@.pt_graph_source(regclass) IS
'Where a call with this graph finds its edges. graph: a relation or an adjacency index, NULL as everywhere. source: image (an adjacency index tells all that the caller may see) or query (each step is a query over the relation). Columns of the edges, NULL for one that there is not, and for a weight that could be either of two; found_by: index or names. Errors as of a walk. O(1).';

CREATE FUNCTION _parseltongue.pt_weighted_edges(
	graph regclass DEFAULT NULL, direction text DEFAULT 'out', keys text[] DEFAULT NULL
) RETURNS TABLE (from_key text, to_key text, weight double precision)
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 100000 ROWS 1000;
COMMENT ON FUNCTION _parseltongue.pt_weighted_edges(regclass, text, text[]) IS
'internal: the edges at some nodes (NULL: at all), with weights, as a weighted walk is given them: those of weight NULL or infinity are left out. direction out, in or both: along which they are asked for.';

CREATE FUNCTION @extschema@.pt_check_index(
	index regclass
) RETURNS TABLE (problem text, tid tid, detail text)
AS 'MODULE_PATHNAME' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 100000 ROWS 1;
COMMENT ON FUNCTION @extschema@.pt_check_index(regclass) IS
'Compare an adjacency index with its table: a row for each difference, none if they agree. problem: missing (a row without an entry), mismatch (the entry says something else), duplicate, dangling (an entry without a row). For the owner of the index. Reads the whole table.';
