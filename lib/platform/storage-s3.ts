import "server-only";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  S3Client,
  paginateListObjectsV2,
} from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { Readable } from "node:stream";
import type { StorageDriver } from "./storage-driver";

export type S3Place = { bucket: string; region: string; endpoint?: string };

/**
 * Any S3-compatible store. Credentials come from where the AWS SDK looks for them. An object appears whole or not at
 * all; an upload cut off by a crash leaves invisible parts that the bucket's own lifecycle rule should expire.
 */
export function s3Driver({ bucket, region, endpoint }: S3Place): StorageDriver {
  const client = new S3Client({
    region,
    // Other makers' stores want the bucket in the path and know no trailing checksums.
    ...(endpoint ? { endpoint, forcePathStyle: true } : {}),
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
  });
  const at = (Key: string) => ({ Bucket: bucket, Key });
  return {
    async put(name, source) {
      await new Upload({ client, params: { ...at(name), Body: source }, leavePartsOnError: false }).done();
    },
    async sizeOf(name) {
      try {
        return (await client.send(new HeadObjectCommand(at(name)))).ContentLength ?? null;
      } catch (error) {
        if (isMissing(error)) return null;
        throw error;
      }
    },
    async read(name, offsetBytes, lengthBytes) {
      if (lengthBytes === 0) return Readable.from([]);
      const Range = `bytes=${offsetBytes}-${offsetBytes + lengthBytes - 1}`;
      const answer = await client.send(new GetObjectCommand({ ...at(name), Range }));
      if (!(answer.Body instanceof Readable)) throw new Error("The object store sent no body.");
      return answer.Body;
    },
    async remove(name) {
      await client.send(new DeleteObjectCommand(at(name)));
    },
    async *listOlderThan(folder, before) {
      for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: `${folder}/` })) {
        for (const { Key, LastModified } of page.Contents ?? []) {
          if (Key && LastModified && LastModified < before) yield Key.slice(folder.length + 1);
        }
      }
    },
    sweep: async () => 0,
  };
}

function isMissing(error: unknown): boolean {
  const { name, $metadata } = (error ?? {}) as { name?: string; $metadata?: { httpStatusCode?: number } };
  return name === "NotFound" || name === "NoSuchKey" || $metadata?.httpStatusCode === 404;
}
