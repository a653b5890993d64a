-- ---------------------------------------------------------------------------
-- What a walk has done.
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.pt_last_walk(
	OUT index regclass,
	OUT image_place text,
	OUT image_origin text,
	OUT levels integer,
	OUT nodes bigint,
	OUT edges bigint,
	OUT pages_judged bigint,
	OUT by_map bigint,
	OUT by_proof bigint,
	OUT by_looking bigint,
	OUT by_fetching bigint,
	OUT memory_bytes bigint
)
AS 'MODULE_PATHNAME' LANGUAGE C VOLATILE PARALLEL RESTRICTED COST 1;
COMMENT ON FUNCTION @extschema@.pt_last_walk() IS
'What the last call of this session that walked a graph has done; NULLs if none has, or if it had the rights of another role. index: the one that was walked. image_place, shared or local, and image_origin: kept from an earlier call, attached to (another session had built it), built, or merged in this call. levels of its deepest walk; nodes that its walks reached and edges that they looked at. Whether rows are visible was told by_map, for all rows of a page by the visibility map; by_proof, by what an earlier call had found on a page that has not changed since; by_looking at all rows of a page at once, of which there were pages_judged; or by_fetching the row. memory_bytes: the most that it used at a time, without the image. Calls that ended in an error are not counted. No errors.';
