//! Actions that decide who may do what, though AWS's level calls them something else; and the
//! reverse.

use super::Group;

/// Plain writes (or reads) by AWS's level that grant permissions, widen trust or lift a limit.
pub(crate) const GRANTING: &[Group] = &[
    Group {
        because: "hands a role's permissions to a service: IAM User Guide, \"Grant a user \
                  permissions to pass a role to an AWS service\"",
        actions: "iam: PassRole AddRoleToInstanceProfile CreateServiceLinkedRole
                  ec2: AssociateIamInstanceProfile ReplaceIamInstanceProfileAssociation
                       AssociateEnclaveCertificateIamRole
                  rds: AddRoleToDBCluster AddRoleToDBInstance
                  cognito-identity: SetIdentityPoolRoles SetPrincipalTagAttributeMap
                  ssm: UpdateManagedInstanceRole
                  shield: AssociateDRTRole
                  eks: CreatePodIdentityAssociation UpdatePodIdentityAssociation",
    },
    Group {
        because: "makes somebody a member, so its policies apply (or no longer do): IAM User \
                  Guide, \"IAM user groups\"",
        actions: "iam: AddUserToGroup RemoveUserFromGroup
                  identitystore: CreateGroupMembership DeleteGroupMembership
                  sso-directory: AddMemberToGroup RemoveMemberFromGroup",
    },
    Group {
        because: "makes a credential with which to act as somebody: IAM User Guide, \"Manage \
                  access keys for IAM users\", \"IAM user passwords\", \"Service-specific credentials for IAM users\"",
        actions: "iam: CreateAccessKey UpdateAccessKey CreateLoginProfile UpdateLoginProfile
                       CreateServiceSpecificCredential ResetServiceSpecificCredential
                       UpdateServiceSpecificCredential UploadSSHPublicKey UpdateSSHPublicKey
                       UploadSigningCertificate UpdateSigningCertificate
                  sso-directory: UpdatePassword CreateBearerToken
                  lightsail: CreateBucketAccessKey",
    },
    Group {
        because: "changes what counts as proof of who one is: IAM User Guide, \"AWS multi-factor \
                  authentication in IAM\"",
        actions: "iam: EnableMFADevice DeactivateMFADevice
                  sso: PutMfaDeviceManagementForDirectory
                  sso-directory: DeleteMfaDeviceForUser UpdateMfaDeviceForUser
                       CompleteVirtualMfaDeviceRegistration CompleteWebAuthnDeviceRegistration",
    },
    Group {
        because: "decides whom roles trust: IAM User Guide, \"Identity providers and federation \
                  into AWS\"; IAM Roles Anywhere User Guide, \"Getting started\"",
        actions: "iam: CreateRole CreateOpenIDConnectProvider AddClientIDToOpenIDConnectProvider
                       UpdateOpenIDConnectProviderThumbprint CreateSAMLProvider UpdateSAMLProvider
                  rolesanywhere: CreateTrustAnchor UpdateTrustAnchor EnableTrustAnchor
                       CreateProfile UpdateProfile EnableProfile PutAttributeMapping
                       DeleteAttributeMapping DeleteCrl DisableCrl UpdateCrl
                  sso: AssociateDirectory CreateTrust UpdateTrust CreateTrustedTokenIssuer
                       UpdateTrustedTokenIssuer UpdateSSOConfiguration
                       PutApplicationAuthenticationMethod PutApplicationGrant
                       PutApplicationAccessScope
                  sso-directory: CreateExternalIdPConfigurationForDirectory
                       UpdateExternalIdPConfigurationForDirectory
                       EnableExternalIdPConfigurationForDirectory ImportExternalIdPCertificate
                  eks: AssociateIdentityProviderConfig
                  cognito-idp: CreateIdentityProvider UpdateIdentityProvider",
    },
    Group {
        because: "becomes somebody else: IAM User Guide, \"Compare AWS STS credentials\", \
                  \"Centrally manage root access for member accounts\"",
        actions: "sts: AssumeRole AssumeRoleWithSAML AssumeRoleWithWebIdentity AssumeRoot
                       GetFederationToken GetDelegatedAccessToken",
    },
    Group {
        because: "opens the root user of member accounts, or grants for a time what was asked \
                  for: IAM User Guide, \"Centralize root access for member accounts\"; IAM API \
                  Reference, \"AcceptDelegationRequest\"",
        actions: "iam: EnableOrganizationsRootSessions EnableOrganizationsRootCredentialsManagement
                       AcceptDelegationRequest SendDelegationToken",
    },
    Group {
        because: "gives people of IAM Identity Center access to accounts: IAM Identity Center \
                  User Guide, \"Manage AWS accounts with permission sets\"",
        actions: "sso: CreateAccountAssignment DeleteAccountAssignment CreatePermissionSet
                       PutInlinePolicyToPermissionSet DeleteInlinePolicyFromPermissionSet
                       ProvisionPermissionSet DeletePermissionSet AssociateProfile CreateProfile
                       UpdateProfile CreateApplicationAssignment
                       PutApplicationAssignmentConfiguration
                       CreateInstanceAccessControlAttributeConfiguration
                       UpdateInstanceAccessControlAttributeConfiguration
                       DeleteInstanceAccessControlAttributeConfiguration",
    },
    Group {
        because: "changes which organization policies apply, or who speaks for the organization: \
                  AWS Organizations User Guide, \"Managing organization policies\", \"Delegated \
                  administrator for AWS services that work with Organizations\"",
        actions: "organizations: CreatePolicy DeletePolicy EnablePolicyType DisablePolicyType
                       MoveAccount LeaveOrganization RemoveAccountFromOrganization
                       AcceptHandshake InviteAccountToOrganization EnableAllFeatures
                       EnableAWSServiceAccess RegisterDelegatedAdministrator
                       DeregisterDelegatedAdministrator DeleteOrganization
                  account: StartPrimaryEmailUpdate AcceptPrimaryEmailUpdate
                  iam: UpdateAccountEmailAddress",
    },
    Group {
        because: "shares with other accounts: AWS RAM User Guide, \"Sharing your AWS resources\"",
        actions: "ram: CreateResourceShare AssociateResourceShare UpdateResourceShare
                       AssociateResourceSharePermission CreatePermission CreatePermissionVersion
                       SetDefaultPermissionVersion ReplacePermissionAssociations
                       PromotePermissionCreatedFromPolicy PromoteResourceShareCreatedFromPolicy
                  ec2: ModifyImageAttribute ModifyFpgaImageAttribute
                       ModifyVerifiedAccessEndpointPolicy ModifyVerifiedAccessGroupPolicy
                  rds: ModifyDBSnapshotAttribute ModifyDBClusterSnapshotAttribute
                  redshift-serverless: PutResourcePolicy
                  appstream: UpdateImagePermissions",
    },
    Group {
        because: "writes a policy on a resource: IAM User Guide, \"AWS services that work with \
                  IAM\" (resource-based policies)",
        actions: "agent-registry: PutResourcePolicy
                  aiops: PutInvestigationGroupPolicy
                  appsync: PutResourcePolicy
                  aps: PutResourcePolicy
                  bedrock: PutResourcePolicy
                  bedrock-agentcore: PutResourcePolicy
                  cloudfront: PutResourcePolicy
                  cloudtrail: PutResourcePolicy
                  codeartifact: PutDomainPermissionsPolicy PutRepositoryPermissionsPolicy
                  comprehend: PutResourcePolicy
                  dsql: PutClusterPolicy
                  kafka: PutClusterPolicy
                  kinesis: PutResourcePolicy
                  lex: CreateResourcePolicy UpdateResourcePolicy CreateResourcePolicyStatement
                  logs: PutDestinationPolicy PutDeliveryDestinationPolicy
                  lookoutequipment: PutResourcePolicy
                  mediapackagev2: PutChannelPolicy PutOriginEndpointPolicy
                  oam: PutSinkPolicy
                  odb: PutResourcePolicy
                  osis: PutResourcePolicy
                  qbusiness: PutResourcePolicy AssociatePermission
                  refactor-spaces: PutResourcePolicy
                  rekognition: PutProjectPolicy
                  resource-groups: PutGroupPolicy
                  rum: PutResourcePolicy
                  sagemaker: PutModelPackageGroupPolicy PutLineageGroupPolicy PutResourcePolicy
                  schemas: PutResourcePolicy
                  serverlessrepo: PutApplicationPolicy
                  servicecatalog: PutResourcePolicy
                  servicediscovery: PutResourcePolicy
                  ssm-contacts: PutContactPolicy
                  vpc-lattice: PutResourcePolicy
                  xray: PutResourcePolicy",
    },
    Group {
        because: "grants access inside a service, by means of the service's own: Amazon EKS User \
                  Guide, \"Grant IAM users access to Kubernetes with EKS access entries\"; AWS \
                  Lambda Developer Guide, \"Control access to Lambda function URLs\"; Amazon \
                  OpenSearch Service Developer Guide, \"Data access control for Amazon OpenSearch Serverless\"",
        actions: "eks: CreateAccessEntry UpdateAccessEntry AssociateAccessPolicy
                  lambda: CreateFunctionUrlConfig UpdateFunctionUrlConfig
                  aoss: CreateAccessPolicy UpdateAccessPolicy CreateSecurityPolicy
                       UpdateSecurityPolicy CreateSecurityConfig UpdateSecurityConfig
                  verifiedpermissions: CreatePolicy UpdatePolicy CreatePolicyTemplate
                       UpdatePolicyTemplate
                  iotsitewise: CreateAccessPolicy UpdateAccessPolicy
                  workdocs: AddResourcePermissions
                  workmail: PutMailboxPermissions
                  account-access: CreateEntitlement",
    },
];

/// Flagged as permissions management by AWS, but only telling or showing something.
pub(crate) const READING: &[Group] = &[Group {
    because: "changes nothing: Service Authorization Reference, the description of each",
    actions: "arc-region-switch: GetResourcePolicy
              backup: ListIndexedRecoveryPointsForSearch SearchRecoveryPoint
              billing: GetResourcePolicy
              fsx: GetResourcePolicy
              glue: DescribeConnectionType DescribeEntity GetDataPreviewStatement GetEnvironment
                    GetExecutors GetExecutorsThreads GetLogParsingStatus
                    GetNotebookInstanceStatus GetQueries GetQuery GetRecipeAction GetStage
                    GetStageAttempt GetStageAttemptTaskList GetStageAttemptTaskSummary
                    GetStageFiles BatchGetStageFiles GetStages GetStorage GetStorageUnit
                    ListConnectionTypes ListEntities
              monitron: ListProjectAdminUsers
              quicksight: DescribeKnowledgeBasePermissions DescribeSpacePermissions
                    DescribeTopicPermissions
              secretsmanager: ValidateResourcePolicy
              ssm-sap: GetResourcePermission",
}];
