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
	OUT overlay_bytes bigint
)
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000;
COMMENT ON FUNCTION @extschema@.pt_graph_status(regclass) IS
'State of a graph''s index and of the image this session reads (built if need be). nodes: distinct nodes, edges: index entries not yet removed by VACUUM, whether or not this snapshot sees them; dead_entries: removed ones still in the log; image_place: shared or local; image_age: time since the base was built; overlay_*: what this session keeps on top of it. Needs SELECT on the table and no row-level security. Errors: 55000 a materialized view that has not been populated, as for every question.';

CREATE FUNCTION @extschema@.pt_check_index(
	index regclass
) RETURNS TABLE (problem text, tid tid, detail text)
AS 'MODULE_PATHNAME' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 100000 ROWS 1;
COMMENT ON FUNCTION @extschema@.pt_check_index(regclass) IS
'Compare an adjacency index with its table: one row for each difference, none when they agree. problem: missing (a visible row without an entry), mismatch (the entry names other nodes or another label), duplicate, dangling (an entry without any row). A materialized view that has not been populated has neither rows nor entries. Only the owner of the index may call it. Reads the whole table.';
