-- Its own breadth-first search, pgr_breadthFirstSearch, takes about as long. Both read all edges for each question.
-- version: SELECT extversion FROM pg_extension WHERE extname = 'pgrouting'
-- set: SET jit = off
-- set: SET work_mem = '512MB'
-- query count all
SELECT count(*) - 1
FROM pgr_drivingDistance(
  'SELECT 1 AS id, :from AS source, :to AS target, 1::float8 AS cost FROM :graph', $1::bigint, 1e9)
-- query count hops
SELECT count(*) - 1
FROM pgr_drivingDistance(
  'SELECT 1 AS id, :from AS source, :to AS target, 1::float8 AS cost FROM :graph', $1::bigint, $2)
-- query rows all
SELECT node, agg_cost
FROM pgr_drivingDistance(
  'SELECT 1 AS id, :from AS source, :to AS target, 1::float8 AS cost FROM :graph', $1::bigint, 1e9)
WHERE node <> $1::bigint
-- query rows hops
SELECT node, agg_cost
FROM pgr_drivingDistance(
  'SELECT 1 AS id, :from AS source, :to AS target, 1::float8 AS cost FROM :graph', $1::bigint, $2)
WHERE node <> $1::bigint
