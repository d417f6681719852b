# What `aws iam get-account-authorization-details` prints, as a world.

# Policies of the account go by name, those of AWS by ARN.
def reference: if test(":iam::aws:policy/") then . else split("/") | last end;

def named(name; value): map({key: name, value: value}) | from_entries;

def attached(inline):
  [.AttachedManagedPolicies[].PolicyArn | reference]
  + [inline[]? | {name: .PolicyName, document: .PolicyDocument}];

# What users and roles have alike.
def common:
  {path: .Path}
  + (if .PermissionsBoundary
     then {permissionsBoundary: (.PermissionsBoundary.PermissionsBoundaryArn | reference)} else {} end)
  + {tags: (.Tags // [] | named(.Key; .Value))};

(.UserDetailList + .RoleDetailList | first.Arn | split(":")[4]) as $account
| {accounts: {($account): {
    policies: (.Policies | map(select(.Arn | test(":iam::aws:policy/") | not))
      | named(.PolicyName; .PolicyVersionList[] | select(.IsDefaultVersion) | .Document)),
    groups: (.GroupDetailList | named(.GroupName; {policies: attached(.GroupPolicyList)})),
    users: (.UserDetailList | named(.UserName;
      common + {id: .UserId, policies: attached(.UserPolicyList), groups: .GroupList})),
    roles: (.RoleDetailList | named(.RoleName;
      common + {id: .RoleId, trust: .AssumeRolePolicyDocument, policies: attached(.RolePolicyList)}))
  }}}
