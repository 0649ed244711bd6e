"""The ledger in DynamoDB: one table, one item per fact.

pk                 sk              what
JOB#<job>          JOB             the job, and what callbacks claimed for each attempt
JOB#<job>          EVENT#<number>  an event of the job, until retention ends
TASK#<task>        TASK            which attempt owns a task
DROP#<drop>        DROP            a drop and its counter
DROP#<drop>        ROSTER#<n>      the job ids of a slice, in the order of the manifest
DROP#<drop>        VALIDATED#<n>   what validating a slice found, while others are still to come
FOLDER#<folder>    FOLDER          which manifest owns an archive folder
MEDIA#<digest>     MEDIA           what one version of a reference is, for a while
CREDITS#<day>      CREDITS         what a UTC day has reserved and charged
CONTROL            CONTROL         account-wide trouble
"""
