-- ---------------------------------------------------------------------------
-- What graph images take of the server's shared memory.
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.pt_images(
) RETURNS TABLE (
	database text,
	index oid,
	index_name text,
	state text,
	bytes bigint,
	place text,
	segment integer,
	segment_bytes bigint,
	sessions integer,
	uses integer,
	built_at timestamp with time zone,
	build_time interval,
	last_used timestamp with time zone
)
AS 'MODULE_PATHNAME' LANGUAGE C VOLATILE PARALLEL RESTRICTED COST 1000 ROWS 10;
COMMENT ON FUNCTION @extschema@.pt_images() IS
'The graph images in shared memory, of all databases: a row each. index_name is NULL for an index of another database, or one that is gone. state: building, ready, or superseded (dropped or replaced, but calls use it yet). bytes: of the image; place: in an area, with other small images, or in a segment of its own; segment, segment_bytes: which one, and its size; sessions have it mapped, used or not; uses: calls that use the image now. For superusers and members of pg_monitor. No rows where nothing is shared.';
REVOKE ALL ON FUNCTION @extschema@.pt_images() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION @extschema@.pt_images() TO pg_monitor;
