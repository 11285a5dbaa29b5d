import { ActionForm, SubmitLine } from "@/components/forms/action-form";
import { FormSelect } from "@/components/forms/form-fields";
import { Moment } from "@/components/ui/moment";
import { Facts, Panel } from "@/components/ui/panel";
import { TextLink } from "@/components/ui/text-link";
import { resolveReport, resolveReports, sanctionListing, suspendAccount } from "@/lib/disputes/actions";
import type { ReportedView, ReportView, SubjectView } from "@/lib/disputes/queries/reports";
import { reportReasons } from "@/lib/disputes/report";
import { sanctionLabels } from "@/lib/disputes/sanction";
import { RecordArea } from "./record-area";

/** One report: what was said, what it is about, and what a moderator can do. */
export function ReportDesk({ report, now }: { report: ReportView & { subject: SubjectView }; now: Date }) {
  return (
    <div className="grid gap-5">
      <Panel title={reportReasons[report.reason]}>
        <p className="max-w-[66ch] pb-3 break-words whitespace-pre-line">{report.body}</p>
        <Facts
          rows={[
            { label: "Received", value: <Moment at={report.createdAt} now={now} /> },
            { label: "By", value: report.reporterName ?? "somebody not signed in" },
            {
              label: "Page",
              value: (
                <TextLink className="break-all" href={report.pageUrl.startsWith("/") ? report.pageUrl : "/"}>
                  {report.pageUrl}
                </TextLink>
              ),
            },
          ]}
        />
      </Panel>
      <SanctionForms subject={report.subject} />
      <Panel title={report.state === "open" ? "Close the report" : "This report is closed"}>
        {report.state === "open" ? (
          <ActionForm action={resolveReport} fields={{ reportId: report.id }}>
            <DecisionFields />
            <SubmitLine>Close the report</SubmitLine>
          </ActionForm>
        ) : (
          <p role="status">
            {report.state === "upheld" ? "Upheld" : "Dismissed"}: {report.resolution}
          </p>
        )}
      </Panel>
    </div>
  );
}

/** Closes all reports about one thing that stood on the page, with one reason. */
export function CloseReportsForm({ subject }: { subject: ReportedView }) {
  const fields = { subjectId: subject.id, seenUntil: subject.lastOpenAt.toISOString() };
  const all =
    subject.openCount === 1 ? "the report" : `all ${subject.openCount.toLocaleString("en")} reports`;
  return (
    <Panel title={`Close ${all}`}>
      <ActionForm action={resolveReports} fields={fields}>
        <DecisionFields />
        <SubmitLine>Close {all}</SubmitLine>
      </ActionForm>
    </Panel>
  );
}

function DecisionFields() {
  return (
    <>
      <FormSelect name="decision" label="Outcome" defaultValue="upheld">
        <option value="upheld">Upheld: something was done about it</option>
        <option value="dismissed">Dismissed: nothing needs doing</option>
      </FormSelect>
      <RecordArea name="resolution" label="Reason" hint="Stands in the audit log." rows={3} />
    </>
  );
}

/** What a moderator can do about the thing itself. */
export function SanctionForms({ subject }: { subject: SubjectView }) {
  return (
    <>
      {subject.listing && <ListingSanctionForm listingId={subject.listing.id} />}
      {subject.account && <SuspensionForm accountId={subject.account.id} />}
    </>
  );
}

function ListingSanctionForm({ listingId }: { listingId: string }) {
  return (
    <Panel title="Act on the listing">
      <ActionForm action={sanctionListing} fields={{ listingId }}>
        <FormSelect name="kind" label="Decision" defaultValue="freeze">
          <option value="freeze">{sanctionLabels.freeze}</option>
          <option value="take_down">{sanctionLabels.take_down}</option>
        </FormSelect>
        <RecordArea
          id="sanction-reason"
          name="reason"
          label="Reason the seller reads"
          hint="Running deals go on. The seller is told and may appeal once."
          rows={3}
        />
        <SubmitLine variant="danger">Decide</SubmitLine>
      </ActionForm>
    </Panel>
  );
}

function SuspensionForm({ accountId }: { accountId: string }) {
  return (
    <Panel title="Act on the account">
      <ActionForm action={suspendAccount} fields={{ accountId }}>
        <RecordArea
          id="suspension-reason"
          name="reason"
          label="Reason the account holder reads"
          hint="Every session ends at once. Running deals go on. They are mailed a link to appeal."
          rows={3}
        />
        <SubmitLine variant="danger">Suspend the account</SubmitLine>
      </ActionForm>
    </Panel>
  );
}
