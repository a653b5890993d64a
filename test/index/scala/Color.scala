enum Color:
  case Red extends Color

object Limits { val WIDTH = 2 }
package object util { def helper() = 1 }
