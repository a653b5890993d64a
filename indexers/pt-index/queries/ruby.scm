(method name: (_) @name) @def.function
(singleton_method name: (_) @name) @def.method
(class name: (_) @name) @def.class
(module name: (_) @name) @def.module
(assignment left: (constant) @name) @def.constant

(call method: [(identifier) (constant)] @call.name) @call.in
(superclass (_) @base)
(call method: (identifier) @require arguments: (argument_list . (string) @import .))
(call method: (identifier) @require arguments: (argument_list [(constant) (scope_resolution)] @trait))
(body_statement (identifier) @section)
(scope_resolution) @type
(constant) @type
(call method: (identifier) @tests arguments: (argument_list . [(string) (constant) (scope_resolution)] @name) block: (_)) @def.test
(argument_list (simple_symbol) @value.known)
(pair value: (simple_symbol) @value.known)
(array (simple_symbol) @value.known)
