-- Kernels, projections, sorting and budgets over random graphs, each compared
-- with the plainest way to the same. A difference is an error with its seed.
CREATE FUNCTION unit_bfs(seed bigint) RETURNS bigint AS 'parseltongue_unit' LANGUAGE C;
CREATE FUNCTION unit_nested(seed bigint) RETURNS bigint AS 'parseltongue_unit' LANGUAGE C;
CREATE FUNCTION unit_project(seed bigint) RETURNS bigint AS 'parseltongue_unit' LANGUAGE C;
CREATE FUNCTION unit_sets(seed bigint) RETURNS bigint AS 'parseltongue_unit' LANGUAGE C;
CREATE FUNCTION unit_paths(seed bigint) RETURNS bigint AS 'parseltongue_unit' LANGUAGE C;
CREATE FUNCTION unit_match(seed bigint) RETURNS bigint AS 'parseltongue_unit' LANGUAGE C;
CREATE FUNCTION unit_push(seed bigint) RETURNS bigint AS 'parseltongue_unit' LANGUAGE C;
CREATE FUNCTION unit_sort(seed bigint) RETURNS bigint AS 'parseltongue_unit' LANGUAGE C;
CREATE FUNCTION unit_budget(seed bigint) RETURNS bigint AS 'parseltongue_unit' LANGUAGE C;
CREATE FUNCTION unit_rows(seed bigint) RETURNS bigint AS 'parseltongue_unit' LANGUAGE C;
CREATE FUNCTION unit_memory(seed bigint) RETURNS bigint AS 'parseltongue_unit' LANGUAGE C;
CREATE FUNCTION unit_dijkstra(seed bigint) RETURNS bigint AS 'parseltongue_unit' LANGUAGE C;
CREATE FUNCTION unit_cheapest(seed bigint) RETURNS bigint AS 'parseltongue_unit' LANGUAGE C;
CREATE FUNCTION unit_bellman_ford(seed bigint) RETURNS bigint AS 'parseltongue_unit' LANGUAGE C;
CREATE FUNCTION unit_spanning(seed bigint) RETURNS bigint AS 'parseltongue_unit' LANGUAGE C;
CREATE FUNCTION unit_flow(seed bigint) RETURNS bigint AS 'parseltongue_unit' LANGUAGE C;
CREATE FUNCTION unit_weighted_memory(seed bigint) RETURNS bigint AS 'parseltongue_unit' LANGUAGE C;
CREATE FUNCTION unit_walk_memory(seed bigint) RETURNS bigint AS 'parseltongue_unit' LANGUAGE C;

SELECT sum(unit_bfs(seed)) > 10000 AS bfs FROM generate_series(1, 200) AS seed;
SELECT sum(unit_nested(seed)) > 10000 AS nested FROM generate_series(1, 5) AS seed;
SELECT sum(unit_project(seed)) > 10000 AS project FROM generate_series(1, 200) AS seed;
SELECT sum(unit_sets(seed)) > 10000 AS sets FROM generate_series(1, 200) AS seed;
SELECT sum(unit_paths(seed)) > 10000 AS paths FROM generate_series(1, 400) AS seed;
SELECT sum(unit_match(seed)) > 10000 AS match FROM generate_series(1, 400) AS seed;
SELECT sum(unit_push(seed)) > 10000 AS push FROM generate_series(1, 400) AS seed;
SELECT sum(unit_sort(seed)) > 10000 AS sort FROM generate_series(1, 400) AS seed;
SELECT unit_budget(1) > 10000 AS budget;
SELECT sum(unit_rows(seed)) > 10000 AS rows FROM generate_series(1, 200) AS seed;
SELECT min(unit_memory(seed)) > 50 AS memory FROM generate_series(1, 20) AS seed;
SELECT sum(unit_dijkstra(seed)) > 10000 AS dijkstra FROM generate_series(1, 200) AS seed;
SELECT sum(unit_cheapest(seed)) > 10000 AS cheapest FROM generate_series(1, 200) AS seed;
SELECT sum(unit_bellman_ford(seed)) > 10000 AS bellman_ford FROM generate_series(1, 200) AS seed;
SELECT sum(unit_spanning(seed)) > 10000 AS spanning FROM generate_series(1, 200) AS seed;
SELECT sum(unit_flow(seed)) > 10000 AS flow FROM generate_series(1, 200) AS seed;
SELECT min(unit_weighted_memory(seed)) > 50 AS weighted_memory FROM generate_series(1, 10) AS seed;
SELECT min(unit_walk_memory(seed)) > 20 AS walk_memory FROM generate_series(1, 20) AS seed;
