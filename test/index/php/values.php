<?php
function parse($s) {}
class Job {
    public function run() {
        array_map('parse', $list);
        usort($list, [$this, 'compare']);
        add_action('init', 'unknown');
        $table = ['parse' => 'stop', 'b' => 'parse'];
        register([self::class, 'run'], "parse");
    }
    public function compare($a, $b) {}
}
