//! Actions that hand out what people keep in a service, rather than what the service knows about
//! itself: objects, rows, secrets, messages, logs, code, and what queries answer.
//!
//! Source of each: Service Authorization Reference, "Actions defined by ..." (its description).
//! Calls that only start an export to a place of the caller's choice count too; copying a backup
//! or a snapshot does not, because sharing it is another action.

use super::Group;

pub(crate) const READING: &[Group] = &[
    Group {
        because: "objects and files",
        actions: "s3: GetObject GetObjectVersion GetObjectTorrent GetObjectVersionTorrent
                      GetObjectVersionForReplication GetObjectAnnotation
                      GetObjectVersionAnnotation GetObjectVersionAnnotationForReplication
                      GetDataAccess
                  s3-object-lambda: GetObject GetObjectVersion
                  s3-outposts: GetObject GetObjectVersion GetObjectVersionForReplication
                  s3tables: GetTableData
                  s3vectors: GetVectors QueryVectors
                  s3express: CreateSession
                  glacier: GetJobOutput
                  mediastore: GetObject
                  elasticfilesystem: ClientMount ClientRootAccess
                  ebs: GetSnapshotBlock
                  workdocs: DownloadDocumentVersion GetDocumentVersion
                  omics: GetReadSet GetReference
                  medical-imaging: GetImageFrame GetDICOMInstance",
    },
    Group {
        because: "secrets and parameters, and what a key protects",
        actions: "secretsmanager: GetSecretValue BatchGetSecretValue
                  ssm: GetParameter GetParameters GetParametersByPath GetParameterHistory
                  kms: Decrypt ReEncryptFrom DeriveSharedSecret
                  appconfig: GetConfiguration GetLatestConfiguration
                       GetHostedConfigurationVersion
                  acm: ExportCertificate
                  payment-cryptography: DecryptData ExportKey TranslatePinData
                  states: RevealSecrets
                  ec2: GetPasswordData
                  lightsail: GetRelationalDatabaseMasterUserPassword DownloadDefaultKeyPair",
    },
    Group {
        because: "rows, items and documents",
        actions: "dynamodb: GetItem BatchGetItem Query Scan PartiQLSelect GetRecords
                      ReadDataForReplication SearchVectors
                      ExportTableToPointInTime
                  dax: GetItem BatchGetItem Query Scan
                  cassandra: Select SelectMultiRegionResource GetRecords
                  timestream: Select SelectValues
                  qldb: PartiQLSelect PartiQLHistoryFunction GetBlock GetRevision
                  sdb: Select GetAttributes
                  rds-data: ExecuteStatement BatchExecuteStatement ExecuteSql
                  redshift-data: ExecuteStatement BatchExecuteStatement GetStatementResult
                  athena: StartQueryExecution GetQueryResults GetQueryResultsStream
                  neptune-db: ReadDataViaQuery GetStreamRecords connect
                  neptune-graph: ReadDataViaQuery
                  es: ESHttpGet ESHttpPost ESCrossClusterGet
                  aoss: APIAccessAll
                  lakeformation: GetDataAccess GetWorkUnitResults GetTableObjects
                      GetTemporaryGlueTableCredentials GetTemporaryGluePartitionCredentials
                  glue: GetEntityRecords GetDataPreviewStatement
                  honeycode: GetScreenData QueryTableRows
                  healthlake: ReadResource SearchWithGet SearchWithPost
                  profile: BatchGetProfile SearchProfiles GetProfileHistoryRecord ListProfileObjects
                  mobiletargeting: GetEndpoint GetUserEndpoints
                  cognito-idp: AdminGetUser ListUsers ListUsersInGroup
                  cognito-sync: ListRecords QueryRecords
                  identitystore: ListUsers DescribeUser
                  sagemaker: GetRecord BatchGetRecord
                  quicksight: GetDashboardEmbedUrl GenerateEmbedUrlForAnonymousUser",
    },
    Group {
        because: "the data plane of a database that is entered with IAM credentials",
        actions: "rds-db: connect
                  dsql: DbConnect DbConnectAdmin
                  memorydb: Connect
                  elasticache: Connect
                  redshift: GetClusterCredentials GetClusterCredentialsWithIAM FetchResults
                  redshift-serverless: GetCredentials",
    },
    Group {
        because: "messages, streams, mail and calls",
        actions: "sqs: ReceiveMessage
                  kinesis: GetRecords SubscribeToShard
                  kafka-cluster: ReadData
                  kinesisvideo: GetMedia GetMediaForFragmentList GetClip
                      GetHLSStreamingSessionURL GetDASHStreamingSessionURL GetImages
                  sns: Subscribe
                  iot: Receive GetThingShadow GetRetainedMessage
                  iotanalytics: GetDatasetContent SampleChannelData
                  iotsitewise: GetAssetPropertyValue GetAssetPropertyValueHistory
                      BatchGetAssetPropertyValue BatchGetAssetPropertyValueHistory ExecuteQuery
                  ses: GetArchiveMessage GetArchiveMessageContent
                  chime: GetChannelMessage ListChannelMessages
                  connect: GetAttachedFile GetContactAttributes
                  transcribe: GetTranscriptionJob GetMedicalTranscriptionJob
                      GetCallAnalyticsJob
                  textract: GetDocumentAnalysis GetDocumentTextDetection GetExpenseAnalysis
                      GetLendingAnalysis
                  lex: GetSession
                  support: DownloadAttachment DescribeCommunications",
    },
    Group {
        because: "logs and traces that applications wrote",
        actions: "logs: GetLogEvents FilterLogEvents GetLogRecord GetQueryResults StartQuery
                      StartLiveTail Unmask CreateExportTask
                  rds: DownloadDBLogFilePortion DownloadCompleteDBLogFile
                  cloudtrail: LookupEvents GetQueryResults GetEventDataStoreData StartQuery
                  xray: BatchGetTraces
                  ec2: GetConsoleOutput GetConsoleScreenshot
                  ssm: GetCommandInvocation
                  states: GetExecutionHistory DescribeExecution",
    },
    Group {
        because: "code, images and build artifacts",
        actions: "lambda: GetFunction GetLayerVersion
                  codecommit: GitPull GetBlob GetFile GetFolder GetDifferences GetMergeConflicts
                  codeartifact: GetPackageVersionAsset ReadFromRepository
                  ecr: BatchGetImage GetDownloadUrlForLayer
                  codepipeline: PollForJobs
                  cloudformation: GetTemplate
                  macie2: GetSensitiveDataOccurrences
                  inspector2: BatchGetCodeSnippet",
    },
    Group {
        because: "answers drawn from people's documents",
        actions: "kendra: Query Retrieve
                  bedrock: Retrieve RetrieveAndGenerate GetDocumentContent
                  qbusiness: Chat ChatSync SearchRelevantContent GetDocumentContent GetMedia
                  wisdom: QueryAssistant Retrieve SearchContent",
    },
];
