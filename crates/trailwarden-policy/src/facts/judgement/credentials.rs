//! Actions whose answer, or whose doing, is a credential or a way to sign in.

use super::Group;

pub(crate) const ISSUING: &[Group] = &[
    Group {
        because: "AWS credentials for the caller or for somebody else: AWS STS API Reference; IAM \
                  User Guide, \"Manage access keys for IAM users\"; Amazon Cognito Developer \
                  Guide, \"Getting credentials\"; IAM Identity Center Portal API Reference",
        actions: "sts: AssumeRole AssumeRoleWithSAML AssumeRoleWithWebIdentity AssumeRoot
                       GetFederationToken GetSessionToken GetDelegatedAccessToken
                       GetServiceBearerToken GetWebIdentityToken
                  iam: CreateAccessKey UpdateAccessKey
                  cognito-identity: GetCredentialsForIdentity GetOpenIdToken
                       GetOpenIdTokenForDeveloperIdentity
                  s3: GetDataAccess
                  lakeformation: GetDataAccess GetTemporaryGluePartitionCredentials
                       GetTemporaryGlueTableCredentials
                  gamelift: RequestUploadCredentials GetComputeAuthToken GetInstanceAccess
                  ssm: GetAccessToken
                  signin: CreateOAuth2Token
                  connect: GetFederationToken
                  datazone: GetEnvironmentCredentials
                  codepipeline: PollForJobs
                  lightsail: CreateBucketAccessKey",
    },
    Group {
        because: "a password, key pair or certificate to sign in with: IAM User Guide, \"IAM user \
                  passwords\", \"Service-specific credentials for IAM users\"",
        actions: "iam: CreateLoginProfile UpdateLoginProfile CreateServiceSpecificCredential
                       ResetServiceSpecificCredential UpdateServiceSpecificCredential
                       UploadSSHPublicKey UpdateSSHPublicKey UploadSigningCertificate
                       UpdateSigningCertificate
                  sso-directory: UpdatePassword CreateBearerToken
                  ec2: CreateKeyPair GetPasswordData
                  ec2-instance-connect: SendSSHPublicKey SendSerialConsoleSSHPublicKey
                  lightsail: DownloadDefaultKeyPair CreateKeyPair GetInstanceAccessDetails
                       GetRelationalDatabaseMasterUserPassword
                  acm: ExportCertificate
                  ds: ResetUserPassword
                  workmail: ResetPassword",
    },
    Group {
        because: "a token or password for a database, registry, cluster or console: Amazon RDS \
                  User Guide, \"IAM database authentication\"; Amazon Redshift Management Guide, \
                  \"Using IAM authentication to generate database user credentials\"; Amazon ECR \
                  User Guide, \"Private registry authentication\"",
        actions: "rds-db: connect
                  redshift: GetClusterCredentials GetClusterCredentialsWithIAM
                       GetIdentityCenterAuthToken
                  redshift-serverless: GetCredentials GetIdentityCenterAuthToken
                  dsql: DbConnect DbConnectAdmin
                  memorydb: Connect
                  elasticache: Connect
                  ecr: GetAuthorizationToken
                  ecr-public: GetAuthorizationToken
                  codeartifact: GetAuthorizationToken
                  eks: AccessKubernetesApi
                  airflow: CreateCliToken CreateWebLoginToken
                  grafana: CreateWorkspaceApiKey CreateWorkspaceServiceAccountToken
                  sagemaker: CreatePresignedDomainUrl CreatePresignedNotebookInstanceUrl
                  elasticmapreduce: GetClusterSessionCredentials
                  emr-containers: GetManagedEndpointSessionCredentials
                  appsync: CreateApiKey
                  athena: GetSessionEndpoint
                  cognito-idp: GetTokensFromRefreshToken
                  mediapackage: RotateChannelCredentials RotateIngestEndpointCredentials
                  aidevops: CreateAccessToken
                  lambda: CreateMicrovmAuthToken CreateMicrovmShellAuthToken",
    },
];
