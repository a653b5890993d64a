<?php
namespace App;
use Lib\Model;
require_once 'boot.php';
const LIMIT = 3;
class User extends Model implements Named {
    use Logs;
    private function load(Db $db) { $this->open(LIMIT); return $db?->query()->fetch(); }
    public static function make(): self { return new User(helper(User::first())); }
}
function helper($x) { \Lib\util($x); }
