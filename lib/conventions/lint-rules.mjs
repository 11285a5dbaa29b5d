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
  /^(server-only$|@\/lib\/platform\/|@\/prisma\/|next(\/|$)|next-auth|node:(fs|net|http|https|child_process|timers)|pg$)/;
const IMPURE_CALL =
  /^(Date\.now|Math\.random|performance\.now|crypto\.(randomUUID|getRandomValues)|randomUUID|randomBytes)$/;

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
    return {
      ImportDeclaration(node) {
        const isType = node.importKind === "type";
        if (!isType && IMPURE_IMPORT.test(node.source.value)) refuse(node, `import of ${node.source.value}`);
      },
      CallExpression(node) {
        const callee = sourceCode.getText(node.callee);
        if (IMPURE_CALL.test(callee)) refuse(node, callee);
      },
      NewExpression(node) {
        if (node.callee.name === "Date" && node.arguments.length === 0) refuse(node, "clock");
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
const SQL_TABLE = /\b(?:from|join|into|update|table|using|only)\s+"(\w+)"/gi;

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
        if (node.object.type !== "Identifier" || !CLIENTS.has(node.object.name)) return;
        check(node, models.get(node.property.name));
      },
      TemplateElement(node) {
        for (const [, model] of node.value.raw.matchAll(SQL_TABLE)) check(node, model);
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
      },
      CallExpression(node) {
        const { callee } = node;
        if (calledName(node) === "allSettled") node.arguments.forEach((one) => check(node, one, null));
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
