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

export const offcut = {
  rules: {
    "actions-through-wrapper": actionsThroughWrapper,
    "server-directive-only-in-actions": serverDirectiveOnlyInActions,
    "pure-core": pureCore,
    "shell-is-server-only": shellIsServerOnly,
    "own-tables": ownTables,
  },
};
