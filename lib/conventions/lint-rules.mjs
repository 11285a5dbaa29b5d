import path from "node:path";
import { root, shellNames, tableOwners } from "./domains.mjs";

/** Rules of this repository that no published plugin knows. */

const WRAPPERS = ["userAction", "publicAction"];

/** An action that did not go through the wrapper would be a public endpoint without origin, actor and limits. */
const actionsThroughWrapper = {
  meta: { type: "problem", schema: [] },
  create(context) {
    const refuse = (node) =>
      context.report({
        node,
        message: "Every export of actions.ts is a call of userAction or publicAction.",
      });
    return {
      ExportDefaultDeclaration: refuse,
      ExportAllDeclaration: refuse,
      ExportNamedDeclaration(node) {
        if (node.exportKind === "type") return;
        const isWrapped = ({ init }) =>
          init?.type === "CallExpression" && WRAPPERS.includes(init.callee.name);
        const { declaration } = node;
        if (declaration?.type !== "VariableDeclaration") return refuse(node);
        if (declaration.kind !== "const" || !declaration.declarations.every(isWrapped)) refuse(node);
      },
    };
  },
};

/** `"use server"` inside a function makes an endpoint too, in a file where nobody looks for one. */
const serverDirectiveOnlyInActions = {
  meta: { type: "problem", schema: [] },
  create(context) {
    return {
      ExpressionStatement(node) {
        if (node.directive === "use server") {
          context.report({ node, message: 'Only an actions.ts says "use server".' });
        }
      },
    };
  },
};

const IMPURE_IMPORT =
  /^(server-only$|@\/lib\/platform\/|@\/prisma\/|next(\/|$)|next-auth|pg$|pg-boss$|(node:)?(fs|net|http|https|child_process|timers|os)(\/|$))/;
const IMPURE_MEMBER =
  /^(Date\.now|Math\.random|performance\.(now|timeOrigin)|crypto\.(randomUUID|getRandomValues)|process\.hrtime)$/;
const IMPURE_CALL = /^(Date|fetch|setTimeout|setInterval|randomUUID|randomBytes|randomInt)$/;

/** Core takes the time, chance and rows as arguments; what needs them bears the name of a shell. */
const pureCore = {
  meta: { type: "problem", schema: [] },
  create(context) {
    const { sourceCode } = context;
    const refuse = (node, what) =>
      context.report({
        node,
        message: `Core has no ${what}: take it as an argument, or put this into a shell (${shellNames.join(", ")}).`,
      });
    const refuseSource = (node) => {
      const isType = (node.importKind ?? node.exportKind) === "type";
      if (!isType && IMPURE_IMPORT.test(node.source?.value)) refuse(node, `import of ${node.source.value}`);
    };
    const nameOf = (node) => sourceCode.getText(node).replace(/^(globalThis|window|self)\./, "");
    return {
      ImportDeclaration: refuseSource,
      ImportExpression: refuseSource,
      ExportNamedDeclaration: refuseSource,
      ExportAllDeclaration: refuseSource,
      MemberExpression(node) {
        const name = nameOf(node).replace(/\["(\w+)"\]$/, ".$1");
        if (IMPURE_MEMBER.test(name)) refuse(node, name);
      },
      CallExpression(node) {
        const name = nameOf(node.callee);
        if (IMPURE_CALL.test(name)) refuse(node, name);
      },
      NewExpression(node) {
        if (nameOf(node.callee) === "Date" && node.arguments.length === 0) refuse(node, "clock");
      },
    };
  },
};

/** A shell's name is kept by what it imports: in a client bundle `server-only` refuses to be built. */
const shellIsServerOnly = {
  meta: { type: "problem", schema: [] },
  create(context) {
    return {
      Program(node) {
        const isGuarded = node.body.some(
          (statement) =>
            (statement.type === "ImportDeclaration" && statement.source.value === "server-only") ||
            statement.directive === "use server",
        );
        if (!isGuarded) context.report({ node, message: 'A shell imports "server-only" first.' });
      },
    };
  },
};

const CLIENTS = new Set(["db", "tx", "reader"]);
/** What is called on the client of one table, whatever the client itself is called. */
const TABLE_METHOD =
  /^(find(Unique|First)(OrThrow)?|findMany|(create|update)(Many(AndReturn)?)?|upsert|delete(Many)?|count|aggregate|groupBy)$/;
/** SQL quotes a table where it names one; nothing else of this repository is written so. */
const SQL_NAME = /"(\w+)"/g;
const UNSAFE_SQL = /^\$(query|execute)RawUnsafe$/;

/** The name behind a dot or in brackets: `b` of `a.b` and of `a["b"]`. */
function propertyName({ property, computed }) {
  return computed ? property.value : property.name;
}

/** The owner's queries and commands take `tx`, so that whoever needs another domain's rows asks for them by name. */
const ownTables = {
  meta: { type: "problem", schema: [] },
  create(context) {
    const own = path.relative(root, context.filename).split(path.sep)[1];
    const owners = tableOwners();
    const models = new Map([...owners].map(([model]) => [model[0].toLowerCase() + model.slice(1), model]));
    const check = (node, model) => {
      const owner = owners.get(model);
      if (owner && owner !== own) {
        context.report({
          node,
          message: `The table ${model} is ${owner}'s: ask a query or command of lib/${owner}.`,
        });
      }
    };
    return {
      MemberExpression(node) {
        const { object, parent } = node;
        const name = propertyName(node);
        if (UNSAFE_SQL.test(name)) {
          context.report({
            node,
            message: "SQL is a template, whose tables can be seen and whose values cannot.",
          });
        }
        const isClient = object.type === "Identifier" && CLIENTS.has(object.name);
        const isCalled = parent.type === "MemberExpression" && parent.object === node;
        if (isClient || (isCalled && TABLE_METHOD.test(propertyName(parent)))) check(node, models.get(name));
      },
      VariableDeclarator({ id, init }) {
        if (id.type !== "ObjectPattern" || init?.type !== "Identifier" || !CLIENTS.has(init.name)) return;
        for (const one of id.properties) if (one.type === "Property") check(one, models.get(one.key.name));
      },
      TemplateElement(node) {
        for (const [, model] of node.value.raw.matchAll(SQL_NAME)) check(node, model);
      },
    };
  },
};

const OPENS_TRANSACTION = /^(inTransaction|inSnapshot|\$transaction)$/;
/** The type alone or in a union; not a function that takes one. */
const TRANSACTION_TYPE = /^: *(?!.*=>).*\b(Tx|TransactionClient)\b/s;
const SAVEPOINT = /savepoint/i;

/** The last name of what is called: `c` of `a.b.c()`. */
function calledName({ callee }) {
  return callee.type === "MemberExpression" ? callee.property.name : callee.name;
}

/** Whether a variable holds a transaction: by its name, by its type, or as what a callback is handed. */
function holdsTransaction({ name, defs }, sourceCode) {
  if (name === "tx") return true;
  return defs.some(({ type, node, name: place }) => {
    if (type === "Variable" && node.init?.type === "Identifier") {
      const other = resolve(node.init, sourceCode);
      return other !== null && other.name !== name && holdsTransaction(other, sourceCode);
    }
    if (type !== "Parameter") return false;
    if (place.typeAnnotation && TRANSACTION_TYPE.test(sourceCode.getText(place.typeAnnotation))) return true;
    const { parent } = node;
    return parent?.type === "CallExpression" && OPENS_TRANSACTION.test(calledName(parent) ?? "");
  });
}

function isName(node) {
  const { parent } = node;
  const isProperty = parent.type === "MemberExpression" && parent.property === node && !parent.computed;
  const isKey = parent.type === "Property" && parent.key === node && !parent.shorthand;
  return !isProperty && !isKey;
}

function resolve(identifier, sourceCode) {
  for (let scope = sourceCode.getScope(identifier); scope; scope = scope.upper) {
    const variable = scope.set.get(identifier.name);
    if (variable) return variable;
  }
  return null;
}

/** Whether `node` works in a transaction that was begun outside of `guarded`, where no savepoint stands between. */
function usesTransaction(node, guarded, sourceCode) {
  if (!node) return false;
  if (node.type === "CallExpression" && SAVEPOINT.test(calledName(node) ?? "")) return false;
  if (node.type === "Identifier" && isName(node)) {
    const variable = resolve(node, sourceCode);
    const isOutside = variable?.defs.every(({ name: { range } }) => {
      return range[1] <= guarded.range[0] || range[0] >= guarded.range[1];
    });
    return Boolean(isOutside) && holdsTransaction(variable, sourceCode);
  }
  return (sourceCode.visitorKeys[node.type] ?? []).some((key) =>
    [node[key]].flat().some((child) => child && usesTransaction(child, guarded, sourceCode)),
  );
}

const LEAVES = ["ReturnStatement", "BreakStatement", "ContinueStatement"];

function mayLeave(node, sourceCode) {
  if (LEAVES.includes(node.type)) return true;
  if (/Function/.test(node.type)) return false;
  return (sourceCode.visitorKeys[node.type] ?? []).some((key) =>
    [node[key]].flat().some((child) => child && mayLeave(child, sourceCode)),
  );
}

function endsInThrow(node) {
  if (node?.type === "ThrowStatement") return true;
  if (node?.type === "BlockStatement") return node.body.some(endsInThrow);
  if (node?.type === "IfStatement") return endsInThrow(node.consequent) && endsInThrow(node.alternate);
  return false;
}

/** PostgreSQL undoes a transaction in which a statement failed, and Prisma would still report that it was kept. */
const caughtInTransaction = {
  meta: { type: "problem", schema: [] },
  create(context) {
    const { sourceCode } = context;
    const alwaysThrows = (body) => endsInThrow(body) && !mayLeave(body, sourceCode);
    const check = (node, guarded, handler) => {
      if (!usesTransaction(guarded, guarded, sourceCode) || alwaysThrows(handler)) return;
      context.report({
        node,
        message:
          "An error inside a transaction undoes all of it: throw on, avoid the error (ON CONFLICT, skipDuplicates), or catch it outside.",
      });
    };
    return {
      TryStatement(node) {
        if (node.handler) check(node, node.block, node.handler.body);
        // Whatever leaves from there takes the place of the error.
        else if (mayLeave(node.finalizer, sourceCode)) check(node, node.block, null);
      },
      CallExpression(node) {
        const { callee } = node;
        if (/^(allSettled|any)$/.test(calledName(node)))
          node.arguments.forEach((one) => check(node, one, null));
        if (callee.type !== "MemberExpression") return;
        const handler = { catch: node.arguments[0], then: node.arguments[1] }[callee.property.name];
        if (handler) check(node, callee.object, /Function/.test(handler.type) ? handler.body : null);
      },
    };
  },
};

export const offcut = {
  rules: {
    "actions-through-wrapper": actionsThroughWrapper,
    "server-directive-only-in-actions": serverDirectiveOnlyInActions,
    "pure-core": pureCore,
    "shell-is-server-only": shellIsServerOnly,
    "own-tables": ownTables,
    "caught-in-transaction": caughtInTransaction,
  },
};
