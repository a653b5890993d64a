/*
 * Calls and definitions of a tree of TypeScript, by TypeScript's own parser, for
 * parts/resolve.py: lines "C|D <tab> file <tab> line <tab> column <tab> name",
 * counted from 0, columns in UTF-16 units. Usage: node sites.js TREE
 */
'use strict';
const fs = require('fs');
const path = require('path');
// the one that the truth is made with
const ts = require(require.resolve('typescript', { paths: [require.resolve('@sourcegraph/scip-typescript/package.json')] }));

const root = process.argv[2];
const lines = [];

function isFunction(node) {
	return node !== undefined && (ts.isArrowFunction(node) || ts.isFunctionExpression(node) || ts.isClassExpression(node));
}

/* The node that a definition is named by; undefined where this is none. */
function nameOfDefinition(node) {
	if (ts.isConstructorDeclaration(node))
		return node.getChildren().find((child) => child.kind === ts.SyntaxKind.ConstructorKeyword);
	if (ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node) || ts.isInterfaceDeclaration(node) ||
		ts.isMethodDeclaration(node) || ts.isMethodSignature(node) || ts.isGetAccessor(node) || ts.isSetAccessor(node))
		return node.name;
	if (ts.isPropertySignature(node) && node.type !== undefined && ts.isFunctionTypeNode(node.type))
		return node.name;
	if ((ts.isVariableDeclaration(node) || ts.isPropertyDeclaration(node) || ts.isPropertyAssignment(node)) &&
		isFunction(node.initializer))
		return node.name;
	return undefined;
}

/* The name that is called. */
function nameOfCall(node) {
	if (!ts.isCallExpression(node) && !ts.isNewExpression(node))
		return undefined;
	if (ts.isIdentifier(node.expression))
		return node.expression;
	return ts.isPropertyAccessExpression(node.expression) ? node.expression.name : undefined;
}

function report(kind, file, source, node) {
	if (node === undefined)
		return;
	const at = source.getLineAndCharacterOfPosition(node.getStart(source));
	lines.push([kind, file, at.line, at.character, node.getText(source)].join('\t'));
}

function visit(file, source, node) {
	report('D', file, source, nameOfDefinition(node));
	report('C', file, source, nameOfCall(node));
	ts.forEachChild(node, (child) => visit(file, source, child));
}

for (const entry of fs.readdirSync(root, { recursive: true }).sort()) {
	const file = String(entry);
	if (/\.tsx?$/.test(file) && !/\.d\.ts$/.test(file)) {
		const text = fs.readFileSync(path.join(root, file), 'utf8');
		const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
		visit(file, source, source);
	}
}
process.stdout.write(lines.join('\n') + '\n');
