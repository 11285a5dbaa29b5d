-- CreateTable
CREATE TABLE "PastHandle" (
    "handle" TEXT NOT NULL,
    "accountId" TEXT NOT NULL,
    "givenUpAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "PastHandle_pkey" PRIMARY KEY ("handle")
);

-- CreateTable
CREATE TABLE "AttemptCount" (
    "key" TEXT NOT NULL,
    "points" INTEGER NOT NULL,
    "expire" TIMESTAMPTZ(3),

    CONSTRAINT "AttemptCount_pkey" PRIMARY KEY ("key")
);
