import type { Metadata, Viewport } from "next";
import localFont from "next/font/local";
import { randomUUID } from "node:crypto";
import type { ReactNode } from "react";
import { RequestKeys } from "@/components/forms/request-key";
import { SiteFooter } from "@/components/layout/site-footer";
import { SiteHeader } from "@/components/layout/site-header";
import { currentActor } from "@/lib/accounts/session/session";
import { getInstallation } from "@/lib/platform/installation";
import "./globals.css";

const text = localFont({
  src: "../node_modules/@fontsource-variable/geist/files/geist-latin-wght-normal.woff2",
  weight: "100 900",
  variable: "--font-geist",
});
const mono = localFont({
  src: "../node_modules/@fontsource-variable/geist-mono/files/geist-mono-latin-wght-normal.woff2",
  weight: "100 900",
  variable: "--font-geist-mono",
  preload: false,
});

export const metadata: Metadata = {
  title: { default: "Offcut: models that still work somewhere", template: "%s · Offcut" },
  description:
    "The secondary market for AI models that failed as generalists and still work somewhere, with evidence anyone can check.",
};

export const viewport: Viewport = {
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#fbfaf7" },
    { media: "(prefers-color-scheme: dark)", color: "#111215" },
  ],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  const [actor, installation] = await Promise.all([currentActor(), getInstallation()]);
  return (
    <html lang="en" className={`${text.variable} ${mono.variable}`}>
      <body className="flex min-h-dvh flex-col">
        <a
          href="#content"
          className="sr-only focus:not-sr-only focus:absolute focus:z-20 focus:m-2 focus:bg-surface focus:p-2"
        >
          Skip to content
        </a>
        {installation.isDemo && (
          <p className="bg-ochre-soft px-4 py-1 text-center text-xs text-ochre sm:text-sm">
            Demo: real models and evaluations, simulated money and time
            {installation.isClockMoved ? " (the clock has been moved forward)" : ""}.
          </p>
        )}
        <RequestKeys pageKey={randomUUID()}>
          <SiteHeader
            actor={
              actor && { displayName: actor.displayName, roles: [...actor.roles, ...actor.sleepingRoles] }
            }
          />
          <div id="content" className="flex-1">
            {children}
          </div>
          <SiteFooter isDemo={installation.isDemo} />
        </RequestKeys>
      </body>
    </html>
  );
}
